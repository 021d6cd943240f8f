"""What leaves as a file: statements as JSON, CSV and PDF, and drafts of service invoices."""
