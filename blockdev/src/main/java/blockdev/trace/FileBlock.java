package blockdev.trace;

/**
 * Where one block of a file lies, and what its contents are encrypted with.
 *
 * @param extentStartBlock first file block that the extent's data unit numbers count from
 * @param deviceBlock the filesystem block on the device
 * @param dun limb 0 of the block's data unit number
 * @param nonce 32 hex digits: the extent's, or the inode's where the inode has the key
 * @param keyIdentifier 32 hex digits: the master key's
 */
public record FileBlock(
    long inode,
    long fileBlock,
    long extentStartBlock,
    long deviceBlock,
    long dun,
    String nonce,
    String keyIdentifier) {}
