"""What can be told of a user's input without sending anything. Pure."""
