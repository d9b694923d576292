package inlinecrypt.fscrypt;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The master keys of one filesystem instance, in memory, and the one gate through which every
 * derivation passes.
 *
 * <p>There is a single user: a key is added once, by whomever, and removed once. The secrets are
 * wiped as soon as nothing can need them: at removal if keys are per inode, when the last unlocked
 * inode is evicted if they are per extent. Source: {@code fs/crypto/keyring.c}.
 */
public final class Keyring implements AutoCloseable {
  private static final int MIN_KEY_BYTES = 16;
  private static final int MAX_KEY_BYTES = 64;

  private final FilesystemTraits filesystem;
  private final Map<KeyIdentifier, MasterKey> masterKeys = new HashMap<>();
  private final long[] derivations = new long[HkdfContext.values().length];
  private final byte[] info = new byte[Nonce.SIZE_BYTES];
  final byte[] rawKey = new byte[Hkdf.MAX_OUTPUT_BYTES];

  public Keyring(FilesystemTraits filesystem) {
    this.filesystem = filesystem;
  }

  public FilesystemTraits filesystem() {
    return filesystem;
  }

  /**
   * Adds a master key, or makes one present again that was removed while in use. A key that is
   * present stays as it is. The array is not kept; the caller wipes it.
   *
   * @param masterKey 16 to 64 bytes; whether that is enough for a policy shows at {@link
   *     InodeInfo#unlock}
   * @return the key's name
   * @throws FscryptException EINVAL if it is shorter or longer
   */
  public KeyIdentifier add(byte[] masterKey) {
    if (masterKey.length < MIN_KEY_BYTES || masterKey.length > MAX_KEY_BYTES) {
      throw new FscryptException(
          Errno.EINVAL,
          "a master key has from "
              + MIN_KEY_BYTES
              + " to "
              + MAX_KEY_BYTES
              + " bytes, not "
              + masterKey.length);
    }
    Hkdf secret = new Hkdf(masterKey);
    KeyIdentifier identifier = identify(secret);
    MasterKey known = masterKeys.get(identifier);
    if (known == null) {
      masterKeys.put(
          identifier, new MasterKey(identifier, masterKey.length, filesystem.perExtent(), secret));
    } else {
      known.addAgain(secret);
    }
    return identifier;
  }

  /**
   * Removes a master key. Before, the filesystem writes its dirty data; after, it evicts the inodes
   * that nobody has open, and may call again to learn what is left.
   *
   * @return {@link KeyStatus#ABSENT}, or {@link KeyStatus#INCOMPLETELY_REMOVED} while inodes are
   *     unlocked ({@code FSCRYPT_KEY_REMOVAL_STATUS_FLAG_FILES_BUSY})
   * @throws FscryptException ENOKEY if the key is absent
   */
  public KeyStatus remove(KeyIdentifier identifier) {
    MasterKey masterKey = find(identifier);
    masterKey.remove();
    forgetIfUnused(masterKey);
    return masterKey.status();
  }

  public KeyStatus status(KeyIdentifier identifier) {
    MasterKey masterKey = masterKeys.get(identifier);
    return masterKey == null ? KeyStatus.ABSENT : masterKey.status();
  }

  /** References to a master key: one for being present, and one for each inode it has unlocked. */
  public int activeRefs(KeyIdentifier identifier) {
    MasterKey masterKey = masterKeys.get(identifier);
    return masterKey == null ? 0 : masterKey.activeRefs();
  }

  /** Derivations for one purpose since this keyring was made. */
  public long derivations(HkdfContext context) {
    return derivations[context.ordinal()];
  }

  /** All derivations since this keyring was made. */
  public long derivations() {
    long sum = 0;
    for (long count : derivations) {
      sum += count;
    }
    return sum;
  }

  /** Wipes and forgets every master key. Infos that are still open can derive nothing more. */
  @Override
  public void close() {
    masterKeys.values().forEach(MasterKey::wipe);
    masterKeys.clear();
  }

  /**
   * @throws FscryptException ENOKEY if the key is absent
   */
  MasterKey find(KeyIdentifier identifier) {
    MasterKey masterKey = masterKeys.get(identifier);
    if (masterKey == null) {
      throw new FscryptException(Errno.ENOKEY, "master key " + identifier + " is absent");
    }
    return masterKey;
  }

  /** Takes back the reference of an unlocked inode. */
  void evictInode(MasterKey masterKey) {
    masterKey.inodeEvicted();
    forgetIfUnused(masterKey);
  }

  /**
   * The gate: derives a contents key, if the state of the master key allows it.
   *
   * @throws FscryptException ENOKEY, as {@link MasterKey#secretFor} says
   */
  CryptoKey deriveContentsKey(
      MasterKey masterKey, HkdfContext context, Nonce nonce, CryptoConfig config) {
    Hkdf secret = masterKey.secretFor(context);
    assert config.mode().keyBytes() == rawKey.length : config.mode();
    nonce.write(info, 0);
    try {
      expand(secret, context, info, rawKey);
      return new CryptoKey(config, rawKey);
    } finally {
      Arrays.fill(rawKey, (byte) 0);
    }
  }

  private KeyIdentifier identify(Hkdf secret) {
    byte[] bytes = new byte[KeyIdentifier.SIZE_BYTES];
    expand(secret, HkdfContext.KEY_IDENTIFIER, Hkdf.NO_INFO, bytes);
    return KeyIdentifier.read(bytes, 0);
  }

  private void expand(Hkdf secret, HkdfContext context, byte[] info, byte[] target) {
    derivations[context.ordinal()]++;
    secret.expand(context, info, target);
  }

  private void forgetIfUnused(MasterKey masterKey) {
    if (masterKey.activeRefs() == 0) {
      masterKeys.remove(masterKey.identifier, masterKey);
    }
  }
}
