"""What a run leaves in the bucket, and what shops keep there: run files, manifests, pages, headings, exports."""
