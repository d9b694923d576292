package inlinecrypt.fscrypt;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import org.jspecify.annotations.Nullable;

/**
 * What is in memory for one unlocked inode with contents: its policy and nonce, a reference to its
 * master key, and the contents key if keys are per inode.
 *
 * <p>If keys are per extent, this is what extents get theirs from, for as long as it is open, even
 * after the master key was removed. The inode's extents are closed before the inode. Source: {@code
 * struct fscrypt_inode_info}.
 */
public final class InodeInfo implements AutoCloseable {
  private final Keyring keyring;
  private final MasterKey masterKey;
  private final FscryptContext context;
  private final CryptoConfig config;
  private final @Nullable CryptoKey contentsKey; // null if keys are per extent
  private boolean closed;

  private InodeInfo(
      Keyring keyring,
      MasterKey masterKey,
      FscryptContext context,
      CryptoConfig config,
      @Nullable CryptoKey contentsKey) {
    this.keyring = keyring;
    this.masterKey = masterKey;
    this.context = context;
    this.config = config;
    this.contentsKey = contentsKey;
  }

  /**
   * Unlocks an inode, new or loaded.
   *
   * @throws FscryptException ENOKEY if the master key is not present, or too short for the contents
   *     mode; EINVAL if the policy's data unit is larger than a block
   */
  public static InodeInfo unlock(Keyring keyring, FscryptContext context) {
    FscryptPolicy policy = context.policy();
    CryptoConfig config = keyring.filesystem().contentsConfig(policy);
    MasterKey masterKey = keyring.find(policy.identifier());
    masterKey.requireUsableFor(config.mode());
    CryptoKey contentsKey =
        keyring.filesystem().perExtent()
            ? null
            : keyring.deriveContentsKey(
                masterKey, HkdfContext.PER_FILE_KEY, context.nonce(), config);
    masterKey.inodeUnlocked();
    return new InodeInfo(keyring, masterKey, context, config, contentsKey);
  }

  public FscryptContext context() {
    return context;
  }

  public FscryptPolicy policy() {
    return context.policy();
  }

  /** What the keys of the inode's contents are for. */
  public CryptoConfig contentsConfig() {
    return config;
  }

  /** Whether each extent of the inode has a key of its own; else the inode has one. */
  public boolean isPerExtent() {
    return contentsKey == null;
  }

  /**
   * The key of all the inode's contents; data unit numbers count from the start of the file.
   *
   * @throws IllegalStateException if keys are per extent
   */
  public CryptoKey contentsKey() {
    if (contentsKey == null) {
      throw new IllegalStateException("the keys of this filesystem are per extent, not per inode");
    }
    return contentsKey;
  }

  /**
   * Makes {@code target} the context of the contents from {@code positionBytes} in the file on, a
   * multiple of the data unit size.
   *
   * @throws IllegalStateException if keys are per extent
   */
  public void setContext(CryptoContext target, long positionBytes) {
    target.set(contentsKey(), positionBytes >>> config.dataUnitShift());
  }

  /**
   * Makes the key of a new extent, with a nonce of its own.
   *
   * @throws FscryptException ENOKEY if the keyring was closed
   * @throws IllegalStateException if this info is closed or keys are per inode
   */
  public ExtentInfo newExtent(NonceSource nonces) {
    requirePerExtent();
    return extent(nonces.next());
  }

  /**
   * Makes the key of an extent that is on disk.
   *
   * @throws FscryptException EINVAL if the extent's master key or mode is not this inode's; ENOKEY
   *     if the keyring was closed
   * @throws IllegalStateException if this info is closed or keys are per inode
   */
  public ExtentInfo loadExtent(ExtentContext extent) {
    requirePerExtent();
    extent.requireMatch(policy());
    return extent(extent.nonce());
  }

  /** What to store with an extent of this inode. */
  public ExtentContext contextOf(ExtentInfo extent) {
    return new ExtentContext(policy().contentsMode(), policy().identifier(), extent.nonce());
  }

  /**
   * Wipes the contents key, if there is one, and gives up the reference to the master key. The
   * owner has evicted the key from every device before. Closing twice does nothing.
   *
   * @throws IllegalStateException if the contents key is in use; nothing happened
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (contentsKey != null) {
      contentsKey.close();
    }
    closed = true;
    keyring.evictInode(masterKey);
  }

  private void requirePerExtent() {
    if (closed) {
      throw new IllegalStateException("the inode is locked");
    }
    if (contentsKey != null) {
      throw new IllegalStateException("the keys of this filesystem are per inode, not per extent");
    }
  }

  private ExtentInfo extent(Nonce nonce) {
    return new ExtentInfo(
        nonce, keyring.deriveContentsKey(masterKey, HkdfContext.PER_EXTENT_KEY, nonce, config));
  }

  @Override
  public String toString() {
    return "InodeInfo[" + context.nonce() + ", " + masterKey + "]";
  }
}
