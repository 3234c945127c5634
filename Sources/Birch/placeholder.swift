// Birch
