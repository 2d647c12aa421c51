"""One file per format that items come in or go out by. Readers take what is known as arguments and touch no database."""
