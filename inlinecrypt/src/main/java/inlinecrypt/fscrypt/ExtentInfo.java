package inlinecrypt.fscrypt;

import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;

/**
 * What is in memory for one extent: its nonce and its key. Data unit numbers count from the start
 * of the extent, so nothing here depends on the inode, the position in a file, or the place on the
 * device. It points to no inode and holds no reference to a master key.
 *
 * <p>The same extent met through two inodes has two infos with equal bytes and two keys, whose
 * requests never merge. Source: {@code struct fscrypt_extent_info}.
 */
public final class ExtentInfo implements AutoCloseable {
  private final Nonce nonce;
  private final CryptoKey key;

  ExtentInfo(Nonce nonce, CryptoKey key) {
    this.nonce = nonce;
    this.key = key;
  }

  public Nonce nonce() {
    return nonce;
  }

  public CryptoKey key() {
    return key;
  }

  /**
   * Makes {@code target} the context of the contents from {@code positionBytes} in the extent on, a
   * multiple of the data unit size.
   */
  public void setContext(CryptoContext target, long positionBytes) {
    target.set(key, positionBytes >>> key.config().dataUnitShift());
  }

  /**
   * Wipes the key, which the owner has evicted from every device before. Closing twice does
   * nothing.
   *
   * @throws IllegalStateException if the key is in use; nothing is wiped
   */
  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "ExtentInfo[" + nonce + "]";
  }
}
