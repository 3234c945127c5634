// LogText
