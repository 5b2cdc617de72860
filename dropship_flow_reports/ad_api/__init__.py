"""The API of advertising: what a call may say, and its description for programs."""
