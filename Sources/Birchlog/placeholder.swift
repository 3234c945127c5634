// Birchlog
