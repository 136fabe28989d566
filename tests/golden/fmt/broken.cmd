fmt broken.rules
