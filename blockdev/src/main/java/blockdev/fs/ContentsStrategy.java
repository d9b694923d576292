package blockdev.fs;

import inlinecrypt.CryptoContext;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * How encrypted contents get their keys and data unit numbers: the switch between the sides of the
 * debate. One resolver answers which key, and which position under it, a block of a file has.
 */
sealed interface ContentsStrategy permits PerInodeKeys, LightweightExtents, AddressedKeys {
  /** Bytes of encryption context stored with each extent. */
  int extentContextBytes();

  /** Whether files may share encrypted extents. */
  boolean sharesExtents();

  /** Whether an extent can be moved without its key: ciphertext stays the same. */
  boolean movesCiphertext();

  FilesystemTraits traits(long maxExtentBytes);

  /**
   * Makes what a new extent of {@code inode} needs.
   *
   * @return its context to store, or null if the strategy stores none
   */
  @Nullable ExtentContext newExtent(Inode inode, long extentId);

  /**
   * The resolver: makes {@code target} the context of {@code fileBlock}, which {@code run} maps
   * into {@code extent}. Consecutive blocks of one run have consecutive data unit numbers. Plain
   * contents leave the target empty.
   */
  void resolve(
      CryptoContext target, Inode inode, FileExtent run, DiskExtent extent, long fileBlock);

  /** The nonce that the key of {@code extent} is derived from, null for plain contents. */
  @Nullable Nonce nonceOf(InodeRecord record, DiskExtent extent);
}
