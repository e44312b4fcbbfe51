"""From a report to what is published. Renderers print; they never decide, and they do not know one another."""
