"""The SQL of the migrations; a text that has shipped is never edited."""
