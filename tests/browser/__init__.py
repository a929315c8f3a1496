"""The pages in a real browser: what a reader sees, with the keyboard alone, on a phone, in the dark and on paper."""
