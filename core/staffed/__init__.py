"""What needs somebody of the bureau: cases at a window, PIN pads, staff and their sign-ins, kiosks."""
