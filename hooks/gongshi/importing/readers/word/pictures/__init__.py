"""Pictures of Word documents: cut, turned and covered as Word shows them, with their captions; metafiles."""
