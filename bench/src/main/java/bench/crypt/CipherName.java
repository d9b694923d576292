package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.fscrypt.FscryptMode;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The names that modes go by: ours, those of {@code fscrypt-crypt-util}, which says CTS-CBC for
 * CBC-CTS, and the mode numbers of fscrypt.
 */
public final class CipherName {
  private CipherName() {}

  /**
   * The mode of a name or number, in any case.
   *
   * @throws IllegalArgumentException if there is none. The message lists the names and leaves out
   *     {@code name}, which is the master key if arguments were swapped
   */
  public static CryptoMode mode(String name) {
    for (FscryptMode mode : FscryptMode.values()) {
      if (name.equals(Integer.toString(mode.number()))) {
        return mode.cryptoMode();
      }
    }
    for (CryptoMode mode : CryptoMode.values()) {
      if (name.equalsIgnoreCase(mode.linuxName())
          || name.equalsIgnoreCase(mode.linuxName().replace("CBC-CTS", "CTS-CBC"))) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "unknown cipher; there are "
            + Arrays.stream(CryptoMode.values())
                .map(CryptoMode::linuxName)
                .collect(Collectors.joining(", ")));
  }
}
