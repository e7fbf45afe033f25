"""Orders as the mails about them see them: facts, complaints, and what is to be told to whom; pure."""
