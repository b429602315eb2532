"""Inputs of several parts, and inputs that mails and chats have rewritten on their way."""
