"""What is on record (R10–R19): each module answers one kind of question and changes nothing."""
