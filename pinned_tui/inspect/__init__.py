"""What can be told of a person's input without sending anything. Pure."""
