@echo off
set PINNED_EVENTS_API_KEY="pe_live_7hRw3TqZ9mXc5VbK2nYdL8sF"
set PORT=3000
node sync.js
