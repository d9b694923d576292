package blockdev.nvme;

import inlinecrypt.CryptoKey;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The device's crypto engine and its keyslots. A slot holds a keyed cipher and a data unit size;
 * programming makes the cipher, and overwriting, evicting or closing frees it.
 *
 * <p>A slot is not changed while a command that names it is under way; the host sees to that.
 */
final class InlineCryptoUnit implements AutoCloseable {
  private final CipherEngine engine;
  private final @Nullable DataUnitCipher[] ciphers; // by slot
  private final int[] dataUnitSizes;

  InlineCryptoUnit(CipherEngine engine, int slotCount) {
    this.engine = engine;
    ciphers = new DataUnitCipher[slotCount];
    dataUnitSizes = new int[slotCount];
  }

  int slotCount() {
    return ciphers.length;
  }

  void program(int slot, CryptoKey key) {
    DataUnitCipher made = engine.prepare(key.config().mode(), key.exposeSecretBytes());
    evict(slot);
    ciphers[slot] = made;
    dataUnitSizes[slot] = key.config().dataUnitSizeBytes();
  }

  void evict(int slot) {
    DataUnitCipher old = ciphers[slot];
    if (old != null) {
      ciphers[slot] = null;
      old.close();
    }
  }

  /** The keyed cipher of {@code slot}, null if the slot is empty. */
  @Nullable DataUnitCipher cipher(int slot) {
    return ciphers[slot];
  }

  int dataUnitSizeBytes(int slot) {
    return dataUnitSizes[slot];
  }

  @Override
  public void close() {
    for (int slot = 0; slot < ciphers.length; slot++) {
      evict(slot);
    }
    Arrays.fill(dataUnitSizes, 0);
  }
}
