package inlinecrypt.fscrypt;

import inlinecrypt.CryptoKey;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * Known answers for the master key 01 02 … 40 and one nonce. Origin: the identifier is the constant
 * of xfstests ({@code common/encrypt}); the per-file key was computed by xfstests' {@code
 * fscrypt-crypt-util} and by an independent program; the pseudorandom key and the per-extent key by
 * the latter alone.
 */
final class Vectors {
  static final String IDENTIFIER = "69b2f6edeee720cce0577937eb8a6751";
  static final String IDENTIFIER_OF_FIRST_32_BYTES = "0ce1cb43a5ed41b2b8b82349b30bb750";
  static final String NONCE = "00112233445566778899aabbccddeeff";
  static final String PSEUDORANDOM_KEY =
      "c22b1015df4a0eb9369e9a90125c3d4216c46a12902b3d234d69a2aeddcb1811"
          + "7cde256022c9702e0c13cd592fe2fd4e740c1d2c867f9ecc54830760e851f279";
  static final String PER_FILE_KEY =
      "6c9f9f6a6c496070fe5b18d3f9668990325e15c275ca3780270570ac23516ec6"
          + "7c5836a20db92acb72d129957949ef280fdc40564d98af7dfc884f812cdb6f34";
  static final String PER_EXTENT_KEY =
      "34b0590cb819d36d846bb21ac1967a08e2849fd2255324920d1fc66ac37a2300"
          + "98ca9d1ba655c86f242f21e19b23489b9796a2ef8e3a2d7a60e273b0522ff2b5";

  private Vectors() {}

  static byte[] masterKey() {
    byte[] key = new byte[64];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i + 1);
    }
    return key;
  }

  static KeyIdentifier identifier() {
    return KeyIdentifier.read(unhex(IDENTIFIER), 0);
  }

  static Nonce nonce() {
    return Nonce.read(unhex(NONCE), 0);
  }

  static FscryptContext context() {
    return new FscryptContext(FscryptPolicy.aes256Xts(identifier()), nonce());
  }

  static byte[] unhex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static String hex(CryptoKey key) {
    return hex(key.exposeSecretBytes().toArray(ValueLayout.JAVA_BYTE));
  }
}
