package blockdev.queue.layer;

import blockdev.bio.QueueLimits;
import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import inlinecrypt.KeyType;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The line that dm-inlinecrypt's table has for a target, which is dm-crypt's:
 *
 * <pre>
 * aes-xts-plain64 KEY IV_OFFSET DEVICE START [COUNT OPTION…]
 * </pre>
 *
 * <p>KEY is in hexadecimal; there are no keyrings here to name one in. Options: {@code
 * keytype:raw}, {@code keytype:hw-wrapped}, {@code allow_discards}, {@code sector_size:BYTES}, and
 * with that {@code iv_large_sectors}, for data units count in units of their own size.
 */
public final class InlineCryptLine {
  private static final String CIPHER = "aes-xts-plain64";
  private static final int POSITIONAL_WORDS = 5;

  private InlineCryptLine() {}

  /**
   * The target of {@code sectors} that {@code line} describes.
   *
   * @param devices what a DEVICE names, null if nothing
   * @throws IllegalArgumentException if the line, or the target, cannot be; the message has the
   *     word's name and value, but never a key
   */
  public static InlineCryptTarget parse(
      BlkCrypto crypto,
      String line,
      long sectors,
      Function<String, @Nullable BlockDevice> devices) {
    String[] words = line.strip().split("\\s+");
    if (words.length < POSITIONAL_WORDS) {
      throw new IllegalArgumentException(
          "a line has cipher, key, iv_offset, device and start; this one has "
              + words.length
              + " words");
    }
    require(words[0].equals(CIPHER), "cipher", words[0], "must be " + CIPHER);
    long ivOffset = number("iv_offset", words[2]);
    BlockDevice device = devices.apply(words[3]);
    if (device == null) {
      throw refused("device", words[3], "is not there");
    }
    long start = number("start", words[4]);
    InlineCryptOptions options = options(words).withIvOffset(ivOffset);
    byte[] key = key(words[1]);
    try {
      return new InlineCryptTarget(crypto, device, start, sectors, key, options);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static InlineCryptOptions options(String[] words) {
    InlineCryptOptions options = InlineCryptOptions.DEFAULT;
    if (words.length == POSITIONAL_WORDS) {
      return options;
    }
    String count = words[POSITIONAL_WORDS];
    int there = words.length - POSITIONAL_WORDS - 1;
    require(count.equals(Integer.toString(there)), "option count", count, "must be " + there);
    boolean countsLargeSectors = false;
    for (int i = POSITIONAL_WORDS + 1; i < words.length; i++) {
      String option = words[i];
      switch (option) {
        case "keytype:raw" -> options = options.withKeyType(KeyType.RAW);
        case "keytype:hw-wrapped" -> options = options.withKeyType(KeyType.HARDWARE_WRAPPED);
        case "allow_discards" -> options = options.withDiscards();
        case "iv_large_sectors" -> countsLargeSectors = true;
        default -> {
          require(option.startsWith("sector_size:"), "option", option, "is unknown");
          String size = option.substring("sector_size:".length());
          require(size.matches("512|1024|2048|4096"), "sector_size", size, "must be 512 to 4096");
          options = options.withSectorBytes(Integer.parseInt(size));
        }
      }
    }
    require(
        countsLargeSectors || options.sectorBytes() == QueueLimits.SECTOR_BYTES,
        "sector_size",
        options.sectorBytes() + "",
        "needs iv_large_sectors");
    return options;
  }

  private static byte[] key(String hex) {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException notHex) { // whose message would have parts of the key
      throw new IllegalArgumentException("key must be pairs of hexadecimal digits");
    }
  }

  private static long number(String name, String word) {
    try {
      return Long.parseUnsignedLong(word);
    } catch (NumberFormatException e) {
      throw refused(name, word, "must be a number of 64 bits");
    }
  }

  private static void require(boolean holds, String name, String word, String rule) {
    if (!holds) {
      throw refused(name, word, rule);
    }
  }

  private static IllegalArgumentException refused(String name, String word, String rule) {
    return new IllegalArgumentException(name + " \"" + word + "\" " + rule);
  }
}
