package inlinecrypt.engine;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * AES key bytes on their way into a JDK cipher, read where they lie: unlike {@link
 * javax.crypto.spec.SecretKeySpec} it keeps no copy that nobody can wipe. The JDK wipes the one it
 * gets.
 */
record RawKey(byte[] bytes, int offset, int lengthBytes) implements SecretKey {
  @Override
  public String getAlgorithm() {
    return "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    return Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
  }

  @Override
  public String toString() {
    return "RawKey[" + lengthBytes + " bytes]";
  }
}
