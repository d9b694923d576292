package blockdev.fs;

/** One name in a directory. */
public record DirectoryEntry(String name, boolean isDirectory, long sizeBytes) {}
