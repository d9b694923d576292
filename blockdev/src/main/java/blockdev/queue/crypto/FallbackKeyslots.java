package blockdev.queue.crypto;

import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keyslots in software. A slot is in one mode at a time and has that mode's keyed cipher; blanking
 * it frees the cipher, which wipes the key. Programming answers at once.
 */
final class FallbackKeyslots implements KeyslotDevice, AutoCloseable {
  /** How a mode's keyed ciphers are made; {@link inlinecrypt.engine.CipherEngine#prepare}. */
  @FunctionalInterface
  interface CipherMaker {
    DataUnitCipher prepare(CryptoMode mode, MemorySegment key);
  }

  private final AtomicReferenceArray<@Nullable CipherMaker> makers =
      new AtomicReferenceArray<>(CryptoMode.values().length); // by mode, null until it is started
  private final @Nullable CryptoMode[] modes; // by slot
  private final @Nullable DataUnitCipher[] ciphers; // by slot

  FallbackKeyslots(int slotCount) {
    modes = new @Nullable CryptoMode[slotCount];
    ciphers = new @Nullable DataUnitCipher[slotCount];
  }

  void start(CryptoMode mode, CipherMaker maker) {
    makers.compareAndSet(mode.ordinal(), null, maker);
  }

  boolean isStarted(CryptoMode mode) {
    return makers.get(mode.ordinal()) != null;
  }

  @Override
  public void program(int slot, CryptoKey key, KeyslotCompletion done) {
    CryptoMode mode = key.config().mode();
    if (modes[slot] != mode) {
      blank(slot);
    }
    CipherMaker maker = makers.get(mode.ordinal());
    assert maker != null : "not started: " + mode;
    DataUnitCipher made;
    try {
      made = maker.prepare(mode, key.exposeSecretBytes());
    } catch (IllegalStateException broken) {
      blank(slot);
      done.done(Errno.EIO);
      return;
    }
    blank(slot);
    modes[slot] = mode;
    ciphers[slot] = made;
    done.done(Errno.OK);
  }

  @Override
  public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
    blank(slot);
    done.done(Errno.OK);
  }

  private void blank(int slot) {
    DataUnitCipher old = ciphers[slot];
    ciphers[slot] = null;
    modes[slot] = null;
    if (old != null) {
      old.close();
    }
  }

  /** For who holds the slot. */
  @Nullable DataUnitCipher cipher(int slot) {
    return ciphers[slot];
  }

  @Override
  public void close() {
    for (int slot = 0; slot < ciphers.length; slot++) {
      blank(slot);
    }
  }
}
