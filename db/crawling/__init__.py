"""What a crawl has found, had, and looks at again; its runs and routes; crawls that somebody asks for."""
