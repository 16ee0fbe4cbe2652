"""Views that several entrances have, each with templates of its own or those here. Nothing here knows an entrance."""
