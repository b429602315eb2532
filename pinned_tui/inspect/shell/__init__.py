"""Command lines: split into words as bash, cmd.exe and PowerShell split them, and quoted back."""
