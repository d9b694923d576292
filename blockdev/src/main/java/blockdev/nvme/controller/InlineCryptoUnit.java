package blockdev.nvme.controller;

import blockdev.fault.ArmedFaults;
import blockdev.fault.Fault;
import blockdev.fault.FaultKind;
import blockdev.memory.HostMemory;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.wrapped.WrappedKeyDerivation;
import inlinecrypt.wrapped.WrappingUnit;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The device's crypto engine and its keyslots. A slot holds a keyed cipher and a data unit size;
 * programming makes the cipher, and overwriting, evicting, a reset or closing frees it.
 *
 * <p>A slot is not changed while a command that names it is under way; the host sees to that. A
 * unit without slots takes a key with each command instead, and then a data unit is a page.
 */
public final class InlineCryptoUnit implements AutoCloseable {
  /** CEV has 16 bits, and FFFFh is no slot. */
  private static final int MAX_SLOTS = 0xFFFF;

  private final CryptoProfile profile;
  private final @Nullable CipherEngine engine; // null if no bytes are ever encrypted
  private final @Nullable WrappingUnit wrapping; // null if the unit takes no wrapped keys
  private final @Nullable DataUnitCipher[] ciphers; // by slot
  private final int[] dataUnitSizes; // by slot, 0 if the slot is empty
  private final boolean takesKeysWithCommands;
  private @Nullable ArmedFaults faults; // null: nothing goes wrong

  /**
   * A unit at its first boot, whose slots are empty.
   *
   * @param profile what it can do; a command has room for 16 bytes of data unit number, and a
   *     wrapped key needs a slot
   * @param engine makes the ciphers; null if the device's media carry no bytes: slots then hold
   *     keys' sizes only
   * @param identitySeed gives what the unit was made with and no other has: the secret behind its
   *     wrapped keys, and with it the keys that it generates
   */
  public InlineCryptoUnit(CryptoProfile profile, @Nullable CipherEngine engine, long identitySeed) {
    if (profile.maxDunBytes() > 2 * Long.BYTES) {
      throw new IllegalArgumentException(
          "a command carries at most 16 bytes of data unit number, not " + profile.maxDunBytes());
    }
    if (profile.slotCount() > MAX_SLOTS) {
      throw new IllegalArgumentException(
          "a device has at most " + MAX_SLOTS + " keyslots, not " + profile.slotCount());
    }
    boolean wraps = profile.hasModes() && profile.takes(KeyType.HARDWARE_WRAPPED);
    if (wraps && profile.slotCount() == 0) {
      throw new IllegalArgumentException("a device without keyslots takes raw keys only");
    }
    if (profile.slotCount() == 0) {
      for (CryptoMode mode : CryptoMode.values()) {
        if ((profile.dataUnitSizeMask(mode) & ~HostMemory.PAGE_BYTES) != 0) {
          throw new IllegalArgumentException(
              "a device without keyslots has data units of 4096 bytes, not of all in "
                  + profile.dataUnitSizeMask(mode));
        }
      }
    }
    this.profile = profile;
    this.engine = engine;
    wrapping = wraps ? wrappingUnit(identitySeed) : null;
    ciphers = new DataUnitCipher[profile.slotCount()];
    dataUnitSizes = new int[profile.slotCount()];
    takesKeysWithCommands = profile.slotCount() == 0 && profile.hasModes();
  }

  private static WrappingUnit wrappingUnit(long identitySeed) {
    byte[] fusedSecret = new byte[WrappingUnit.FUSED_SECRET_BYTES];
    new Random(identitySeed).nextBytes(fusedSecret);
    try {
      return new WrappingUnit(fusedSecret);
    } finally {
      Arrays.fill(fusedSecret, (byte) 0);
    }
  }

  CryptoProfile profile() {
    return profile;
  }

  public int slotCount() {
    return ciphers.length;
  }

  /** Whether keys come with commands and not through slots. */
  boolean takesKeysWithCommands() {
    return takesKeysWithCommands;
  }

  /** Makes things go wrong from now on. */
  void inject(ArmedFaults armed) {
    faults = armed;
  }

  /** What opens wrapped keys, null if the unit takes none. */
  public @Nullable WrappingUnit wrapping() {
    return wrapping;
  }

  /**
   * Puts {@code key} into {@code slot}. A slot whose programming fails keeps what it held.
   *
   * @return {@link Errno#EINVAL} for a mode or a type of key that the unit does not have, {@link
   *     Errno#EBADMSG} for a blob that does not open, {@link Errno#EIO} for a broken engine or a
   *     fault
   */
  public Errno program(int slot, CryptoKey key) {
    Fault fault = faults == null ? null : faults.atProgramming(slot);
    if (fault != null && fault.kind() == FaultKind.PROGRAM_ERROR) {
      return Errno.EIO;
    }
    boolean wrongKey = fault != null;
    try {
      return switch (key.config().keyType()) {
        case RAW -> install(slot, key.config(), key.exposeSecretBytes(), wrongKey);
        case HARDWARE_WRAPPED -> unwrapAndInstall(slot, key, wrongKey);
      };
    } catch (IllegalArgumentException unknownMode) {
      return Errno.EINVAL;
    } catch (IllegalStateException brokenEngine) {
      return Errno.EIO;
    }
  }

  private Errno unwrapAndInstall(int slot, CryptoKey key, boolean wrongKey) {
    if (wrapping == null || key.config().mode() != CryptoMode.AES_256_XTS) {
      return Errno.EINVAL;
    }
    byte[] blob = key.exposeSecretBytes().toArray(ValueLayout.JAVA_BYTE);
    byte[] inlineKey = new byte[WrappedKeyDerivation.INLINE_KEY_BYTES];
    try {
      return wrapping.inlineKey(blob, inlineKey)
          ? install(slot, key.config(), MemorySegment.ofArray(inlineKey), wrongKey)
          : Errno.EBADMSG;
    } finally {
      Arrays.fill(inlineKey, (byte) 0);
      Arrays.fill(blob, (byte) 0);
    }
  }

  private Errno install(int slot, CryptoConfig config, MemorySegment key, boolean wrongKey) {
    DataUnitCipher made = wrongKey ? prepareWrong(config.mode(), key) : prepare(config.mode(), key);
    evict(slot);
    ciphers[slot] = made;
    dataUnitSizes[slot] = config.dataUnitSizeBytes();
    return Errno.OK;
  }

  /** A cipher of another key: all bits of the key's first byte are inverted. */
  private @Nullable DataUnitCipher prepareWrong(CryptoMode mode, MemorySegment key) {
    byte[] wrong = key.toArray(ValueLayout.JAVA_BYTE);
    wrong[0] ^= (byte) 0xFF;
    try {
      return prepare(mode, MemorySegment.ofArray(wrong));
    } finally {
      Arrays.fill(wrong, (byte) 0);
    }
  }

  public void evict(int slot) {
    dataUnitSizes[slot] = 0;
    DataUnitCipher old = ciphers[slot];
    if (old != null) {
      ciphers[slot] = null;
      old.close();
    }
  }

  /** A controller reset: all slots are empty. Commands under way that name one fail. */
  void reset() {
    for (int slot = 0; slot < ciphers.length; slot++) {
      evict(slot);
    }
  }

  /** Power is lost and comes back: as a reset, and ephemeral blobs no longer open. */
  void powerCycle() {
    reset();
    if (wrapping != null) {
      wrapping.powerCycle();
    }
  }

  /** A keyed cipher for one command, which the caller closes; null if no bytes are encrypted. */
  @Nullable DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    return engine == null ? null : engine.prepare(mode, key);
  }

  /** Whether a key is in {@code slot}. */
  public boolean isProgrammed(int slot) {
    return dataUnitSizes[slot] != 0;
  }

  /** The keyed cipher of {@code slot}, null if the slot is empty or no bytes are encrypted. */
  @Nullable DataUnitCipher cipher(int slot) {
    return ciphers[slot];
  }

  int dataUnitSizeBytes(int slot) {
    return dataUnitSizes[slot];
  }

  @Override
  public void close() {
    reset();
    if (wrapping != null) {
      wrapping.close();
    }
  }
}
