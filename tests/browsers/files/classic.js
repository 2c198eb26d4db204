throw new Error('a message that only a page that may read the script gets to see');
