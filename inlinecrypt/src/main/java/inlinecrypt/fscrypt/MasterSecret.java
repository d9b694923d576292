package inlinecrypt.fscrypt;

import inlinecrypt.wrapped.WrappedKeyDerivation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that v2 policies derive from one master key, by HKDF-SHA512. It stands alone: a filesystem's
 * keys live in a {@link Keyring}, which also knows when they may be used.
 *
 * <p>Derived keys go to arrays of the caller's, of 1 to 64 bytes; fewer bytes are the start of
 * more. Mode numbers are those of {@link FscryptMode}, from 1 to 255. Other lengths and numbers
 * throw {@link IllegalArgumentException}. A UUID is a filesystem's 16 bytes in the order in which
 * they are on disk and in text. Not thread-safe. Source: {@code fs/crypto/keysetup.c}.
 *
 * <p>After {@link #close} every derivation throws {@link IllegalStateException}: what a wiped
 * secret gives is known to all.
 */
public final class MasterSecret implements AutoCloseable {
  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int MAX_MODE_NUMBER = 255; // the number is one byte on disk

  private final Hkdf hkdf;
  private final HkdfContext identifierContext;
  private @Nullable SipHash24 inodeHash; // null until a number is hashed
  private boolean closed;

  private MasterSecret(Hkdf hkdf, HkdfContext identifierContext) {
    this.hkdf = hkdf;
    this.identifierContext = identifierContext;
  }

  /** The secret is the master key itself. The array is not kept; the caller wipes it. */
  public static MasterSecret ofRawKey(byte[] masterKey) {
    return new MasterSecret(new Hkdf(masterKey), HkdfContext.KEY_IDENTIFIER);
  }

  /**
   * The secret is the software secret of a hardware-wrapped key whose 32 raw bytes are known, as
   * only tests and emulated hardware know them. Contents are not encrypted with keys from here, but
   * with {@link WrappedKeyDerivation#inlineKey}. The array is not kept; the caller wipes it.
   *
   * @throws IllegalArgumentException if the raw key has not 32 bytes
   */
  public static MasterSecret ofWrappedKey(byte[] rawKey) {
    byte[] softwareSecret = new byte[WrappedKeyDerivation.SOFTWARE_SECRET_BYTES];
    try {
      WrappedKeyDerivation.softwareSecret(rawKey, softwareSecret);
      return ofSoftwareSecret(softwareSecret);
    } finally {
      Arrays.fill(softwareSecret, (byte) 0);
    }
  }

  /**
   * The secret is the 32 bytes that hardware derived from a hardware-wrapped key. The array is not
   * kept; the caller wipes it.
   *
   * @throws IllegalArgumentException if there are not 32
   */
  public static MasterSecret ofSoftwareSecret(byte[] softwareSecret) {
    if (softwareSecret.length != WrappedKeyDerivation.SOFTWARE_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a software secret has "
              + WrappedKeyDerivation.SOFTWARE_SECRET_BYTES
              + " bytes, not "
              + softwareSecret.length);
    }
    return new MasterSecret(new Hkdf(softwareSecret), HkdfContext.WRAPPED_KEY_IDENTIFIER);
  }

  /** The key's name in policies. A raw and a wrapped key of equal bytes have different ones. */
  public KeyIdentifier identifier() {
    byte[] bytes = new byte[KeyIdentifier.SIZE_BYTES];
    expand(identifierContext, Hkdf.NO_INFO, bytes);
    return KeyIdentifier.read(bytes, 0);
  }

  /** The key of one inode. */
  public void perFileKey(Nonce nonce, byte[] target) {
    expand(HkdfContext.PER_FILE_KEY, info(nonce), target);
  }

  /** The DIRECT_KEY key, which all inodes of a mode share. */
  public void directKey(int modeNumber, byte[] target) {
    expand(HkdfContext.DIRECT_KEY, new byte[] {modeByte(modeNumber)}, target);
  }

  /** The IV_INO_LBLK_64 key, which all inodes of a mode and filesystem share. */
  public void ivInoLblk64Key(int modeNumber, UUID filesystem, byte[] target) {
    expand(HkdfContext.IV_INO_LBLK_64_KEY, info(modeNumber, filesystem), target);
  }

  /** The IV_INO_LBLK_32 key, which all inodes of a mode and filesystem share. */
  public void ivInoLblk32Key(int modeNumber, UUID filesystem, byte[] target) {
    expand(HkdfContext.IV_INO_LBLK_32_KEY, info(modeNumber, filesystem), target);
  }

  /** Where an inode's data unit numbers start under IV_INO_LBLK_32. */
  public int hashInode(long inodeNumber) {
    requireOpen();
    if (inodeHash == null) {
      inodeHash = sipHash(HkdfContext.INODE_HASH_KEY, Hkdf.NO_INFO);
    }
    return (int) inodeHash.hash(inodeNumber);
  }

  /**
   * The hash of a name in an encrypted, casefolded directory.
   *
   * @param directory the directory's nonce
   * @param foldedName the plaintext name, case-folded
   */
  public long hashName(Nonce directory, String foldedName) {
    SipHash24 nameHash = sipHash(HkdfContext.DIRHASH_KEY, info(directory));
    try {
      return nameHash.hash(foldedName.getBytes(StandardCharsets.UTF_8));
    } finally {
      nameHash.wipe();
    }
  }

  /** Wipes the secret. Closing twice does nothing. */
  @Override
  public void close() {
    closed = true;
    hkdf.wipe();
    if (inodeHash != null) {
      inodeHash.wipe();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the master secret is closed");
    }
  }

  private void expand(HkdfContext context, byte[] info, byte[] target) {
    requireOpen();
    hkdf.expand(context, info, target);
  }

  private SipHash24 sipHash(HkdfContext context, byte[] info) {
    byte[] key = new byte[SipHash24.KEY_BYTES];
    try {
      expand(context, info, key);
      return new SipHash24(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] info(Nonce nonce) {
    byte[] info = new byte[Nonce.SIZE_BYTES];
    nonce.write(info, 0);
    return info;
  }

  private static byte[] info(int modeNumber, UUID filesystem) {
    byte[] info = new byte[1 + 2 * Long.BYTES];
    info[0] = modeByte(modeNumber);
    BIG_ENDIAN_LONG.set(info, 1, filesystem.getMostSignificantBits());
    BIG_ENDIAN_LONG.set(info, 1 + Long.BYTES, filesystem.getLeastSignificantBits());
    return info;
  }

  private static byte modeByte(int modeNumber) {
    if (modeNumber < 1 || modeNumber > MAX_MODE_NUMBER) {
      throw new IllegalArgumentException(
          "a mode number is from 1 to " + MAX_MODE_NUMBER + ", not " + modeNumber);
    }
    return (byte) modeNumber;
  }
}
