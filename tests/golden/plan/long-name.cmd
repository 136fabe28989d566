plan --rules raw.save a-name-that-is-too-long
