package blockdev.nvme.controller.kpio;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a device with Key Per I/O knows: its managed namespaces, their key tags and the media
 * encryption keys behind them, and the key encryption keys.
 *
 * <p>All data of a managed namespace is read and written with a key tag; an unmanaged one takes
 * none. Media encryption keys are lost with power, when they are cleared, and when their namespace
 * is managed no more; a controller reset leaves them. Key encryption keys stay.
 *
 * <p>A key is not changed while a command uses it; the host sees to that, and a command whose key
 * went after it was fetched fails.
 */
public final class KeyPerIo implements AutoCloseable {
  /** What the SSC's table takes; NVMe's field would take one more. */
  public static final int MAX_KEY_TAGS = 0xFFFF;

  /** Command Extension Type of a command without a key tag. */
  public static final int NO_EXTENSION = 0;

  /** Command Extension Type of a command whose extension value is a key tag. */
  public static final int KEY_TAG_EXTENSION = 1;

  private static final int XTS_KEY_BYTES = 64;
  private static final int SECRET_BYTES = 32;

  private final @Nullable CipherEngine engine; // null: there are no bytes to encrypt
  private final KeyPerIoModel model;
  private final @Nullable KeyTags[] namespaces; // by number; null if unmanaged
  private final byte[] checkSecret = new byte[SECRET_BYTES];
  private final boolean[] kekAllowed; // by namespace and row
  private KeyPerIoPolicies policies = KeyPerIoPolicies.DEFAULT;

  final KeyEncryptionKeys keks = new KeyEncryptionKeys();
  final Nonces nonces;

  /**
   * A device at its first boot, without keys.
   *
   * @param engine null if the media carry no bytes
   * @param namespaceCount namespaces that there are, numbered from 1
   * @param identitySeed gives what this device has and no other: nonces, and the secret in its
   *     check values
   */
  public KeyPerIo(
      KeyPerIoModel model, @Nullable CipherEngine engine, int namespaceCount, long identitySeed) {
    this.model = model;
    this.engine = engine;
    namespaces = new KeyTags[namespaceCount + 1];
    kekAllowed = new boolean[namespaces.length * KeyEncryptionKeys.ROWS];
    Arrays.fill(kekAllowed, true);
    new Random(identitySeed).nextBytes(checkSecret);
    nonces = new Nonces(identitySeed + 1);
    manage(1, model.keyTags());
  }

  // ---- what commands need

  public boolean isManaged(int namespace) {
    return tags(namespace) != null;
  }

  /** Key tags of a namespace, 0 if it is unmanaged. */
  public int keyTags(int namespace) {
    KeyTags tags = tags(namespace);
    return tags == null ? 0 : tags.count();
  }

  /** Logical blocks that address and length of a command with a key tag are multiples of. */
  public int granularityBlocks() {
    return model.granularityBlocks();
  }

  /**
   * Checks the extension of a command that reads or writes {@code blocks} blocks from {@code lba}
   * on.
   *
   * @return Success, with a key if the namespace is managed; Invalid Field or Invalid Key Tag
   */
  public int check(int namespace, int extensionType, int keyTag, long lba, long blocks) {
    KeyTags tags = tags(namespace);
    if (tags == null) {
      return extensionType == NO_EXTENSION ? NvmeStatus.SUCCESS : NvmeStatus.INVALID_FIELD;
    }
    int granularity = model.granularityBlocks();
    if (extensionType != KEY_TAG_EXTENSION
        || keyTag >= tags.count()
        || Long.remainderUnsigned(lba, granularity) != 0
        || blocks % granularity != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    return tags.generation(keyTag) == 0 ? NvmeStatus.INVALID_KEY_TAG : NvmeStatus.SUCCESS;
  }

  /** Tells keys behind a tag apart: another number, another key; 0 if there is none. */
  public int generation(int namespace, int keyTag) {
    KeyTags tags = tags(namespace);
    return tags == null || keyTag >= tags.count() ? 0 : tags.generation(keyTag);
  }

  /** The keyed cipher behind a key tag; null if there is no key, or are no bytes. */
  public @Nullable DataUnitCipher cipher(int namespace, int keyTag) {
    KeyTags tags = tags(namespace);
    return tags == null || keyTag >= tags.count() ? null : tags.cipher(keyTag);
  }

  /**
   * Asked before blocks are read with a key tag that {@link #check} found good.
   *
   * @return Incorrect Key if one was written with another key and the device detects that
   */
  public int checkRead(int namespace, int keyTag, long lba, long blocks) {
    KeyTags tags = tags(namespace);
    return tags == null
            || tags.keyChecks == null
            || tags.keyChecks.match(lba, blocks, tags.check(keyTag))
        ? NvmeStatus.SUCCESS
        : NvmeStatus.INCORRECT_KEY;
  }

  /** Told when blocks were written with a key tag. */
  public void written(int namespace, int keyTag, long lba, long blocks) {
    KeyTags tags = tags(namespace);
    if (tags != null && tags.keyChecks != null) {
      tags.keyChecks.written(lba, blocks, tags.check(keyTag));
    }
  }

  /** Told when blocks became unwritten. */
  public void forgotten(int namespace, long lba, long blocks) {
    KeyTags tags = tags(namespace);
    if (tags != null && tags.keyChecks != null) {
      tags.keyChecks.forget(lba, blocks);
    }
  }

  // ---- what Format and Sanitize ask

  /**
   * Whether a namespace may be formatted.
   *
   * @param cryptoErase whether its media key is to be replaced
   * @return Operation Denied for the SSC's "Invalid Security State", whose status was not to be had
   */
  public int checkFormat(int namespace, boolean cryptoErase) {
    return cryptoErase && isManaged(namespace) ? NvmeStatus.OPERATION_DENIED : NvmeStatus.SUCCESS;
  }

  /** Told when a namespace was formatted: its blocks are unwritten. */
  public void formatted(int namespace) {
    KeyTags tags = tags(namespace);
    if (tags != null && tags.keyChecks != null) {
      tags.keyChecks.forgetAll();
    }
  }

  // ---- what happens to the device

  /** Power is lost and comes back: media encryption keys and nonces are gone. */
  public void powerCycle() {
    clearAllKeys();
    nonces.powerCycle();
  }

  /** Clears the media encryption keys of all namespaces. */
  void clearAllKeys() {
    for (KeyTags tags : namespaces) {
      if (tags != null) {
        tags.clearAll();
      }
    }
  }

  // ---- what a real device does in TCG sessions

  /**
   * Begins to manage a namespace.
   *
   * @return false if it is managed already, or there is none of that number
   */
  public boolean manage(int namespace, int keyTags) {
    if (!exists(namespace) || isManaged(namespace) || keyTags < 1 || keyTags > MAX_KEY_TAGS) {
      return false;
    }
    namespaces[namespace] = new KeyTags(keyTags, model.detectsIncorrectKeys());
    return true;
  }

  /** Ends to manage a namespace: its media encryption keys are cleared. */
  public void unmanage(int namespace) {
    KeyTags tags = tags(namespace);
    if (tags != null) {
      tags.clearAll();
      namespaces[namespace] = null;
    }
  }

  /**
   * Changes how many key tags a managed namespace has; the highest go first.
   *
   * @return false if one that would go holds a key
   */
  public boolean setKeyTags(int namespace, int keyTags) {
    KeyTags tags = tags(namespace);
    return tags != null && keyTags >= 1 && keyTags <= MAX_KEY_TAGS && tags.resize(keyTags);
  }

  public KeyPerIoPolicies policies() {
    return policies;
  }

  public void setPolicies(KeyPerIoPolicies other) {
    policies = other;
  }

  /** Sets whether media encryption keys of a namespace may be wrapped by a row's key. */
  public void setKekAllowed(int namespace, int row, boolean allowed) {
    kekAllowed[namespace * KeyEncryptionKeys.ROWS + row] = allowed;
  }

  boolean isKekAllowed(int namespace, int row) {
    return kekAllowed[namespace * KeyEncryptionKeys.ROWS + row];
  }

  /** Locks a row's key encryption key, which then opens nothing, or unlocks it. */
  public void setKekLocked(int row, boolean locked) {
    keks.setLocked(row, locked);
  }

  /** Sets whether TPER_RESET locks a row. */
  public void setKekLocksOnReset(int row, boolean locks) {
    keks.setLocksOnReset(row, locks);
  }

  // ---- what the key channel does

  boolean detectsIncorrectKeys() {
    return model.detectsIncorrectKeys();
  }

  boolean exists(int namespace) {
    return namespace >= 1 && namespace < namespaces.length;
  }

  /** Key tags of all managed namespaces. */
  int allKeyTags() {
    int all = 0;
    for (int namespace = 1; namespace < namespaces.length; namespace++) {
      all += keyTags(namespace);
    }
    return all;
  }

  /**
   * Puts a media encryption key behind a tag of a managed namespace, in the place of what was
   * there.
   *
   * @param key Key1, then Key2; the caller wipes it
   * @return false if the engine refuses it; then what was there stays
   */
  boolean inject(int namespace, int keyTag, byte[] key) {
    assert key.length == XTS_KEY_BYTES : key.length;
    KeyTags tags = tags(namespace);
    assert tags != null : "namespace " + namespace + " is unmanaged";
    if (CryptoMode.AES_256_XTS.hasEqualXtsHalves(MemorySegment.ofArray(key))) {
      return false;
    }
    try {
      DataUnitCipher cipher =
          engine == null
              ? null
              : engine.prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key));
      tags.put(keyTag, cipher, checkOf(namespace, key));
      return true;
    } catch (IllegalArgumentException | IllegalStateException ofEngine) {
      return false;
    }
  }

  /** A value that goes with the key and tells nothing of it; never 0. */
  private int checkOf(int namespace, byte[] key) {
    if (!model.detectsIncorrectKeys()) {
      return 0;
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(checkSecret);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(namespace).flip());
      int check = ByteBuffer.wrap(sha256.digest(key)).getInt();
      sha256.reset(); // until then it keeps the end of what it hashed
      return check == 0 ? 1 : check;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Clears the key behind a tag of a managed namespace. */
  void clear(int namespace, int keyTag) {
    KeyTags tags = tags(namespace);
    if (tags != null) {
      tags.clear(keyTag);
    }
  }

  void clearAll(int namespace) {
    KeyTags tags = tags(namespace);
    if (tags != null) {
      tags.clearAll();
    }
  }

  private @Nullable KeyTags tags(int namespace) {
    return exists(namespace) ? namespaces[namespace] : null;
  }

  /** Wipes all keys. */
  @Override
  public void close() {
    clearAllKeys();
    keks.wipe();
    Arrays.fill(checkSecret, (byte) 0);
  }
}
