"""Words: one analysis chain for documents and questions, sentences, and the kinds of question people ask."""
