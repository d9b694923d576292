package blockdev.fs;

import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * A run of a file as an outsider sees it, without any key: where it lies on the device, and from
 * what its contents key is derived. Like Linux's FIEMAP, with what fscrypt stores beside it.
 *
 * @param fileBlock first block in the file
 * @param deviceBlock where that block lies, in blocks of 4096 bytes
 * @param extentId the extent that holds it; other files may share it
 * @param offsetBlocks where in that extent the run starts
 * @param identifier of the master key; null for plain contents
 * @param nonce the extent's, or the inode's if that has the key; null for plain contents
 */
public record ExtentView(
    long fileBlock,
    int blocks,
    long deviceBlock,
    long extentId,
    int offsetBlocks,
    @Nullable KeyIdentifier identifier,
    @Nullable Nonce nonce) {}
