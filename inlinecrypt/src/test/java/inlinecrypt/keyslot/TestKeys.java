package inlinecrypt.keyslot;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;

/** Keys that differ in their first byte. */
final class TestKeys {
  private static final CryptoConfig CONFIG = new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8);

  private TestKeys() {}

  static CryptoKey key(int number) {
    byte[] raw = new byte[64];
    raw[0] = (byte) number;
    raw[63] = 1;
    return new CryptoKey(CONFIG, raw);
  }

  static CryptoKey[] keys(int count) {
    CryptoKey[] keys = new CryptoKey[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
    }
    return keys;
  }
}
