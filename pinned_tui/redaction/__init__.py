"""What is secret, how it is taken out of text, and how foreign text is made safe to display."""
