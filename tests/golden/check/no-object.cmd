check text.txt
