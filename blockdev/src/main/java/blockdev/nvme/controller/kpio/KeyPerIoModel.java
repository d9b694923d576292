package blockdev.nvme.controller.kpio;

/**
 * How a device with Key Per I/O is set up: namespace 1 is managed, the others are not.
 *
 * @param keyTags of namespace 1
 * @param granularityBlocks logical blocks that a command's address and length are multiples of
 * @param detectsIncorrectKeys whether reading with another key than was written with is an error;
 *     else it gives garbage
 */
public record KeyPerIoModel(int keyTags, int granularityBlocks, boolean detectsIncorrectKeys) {
  public KeyPerIoModel {
    if (keyTags < 1 || keyTags > KeyPerIo.MAX_KEY_TAGS) {
      throw new IllegalArgumentException(
          "keyTags must be from 1 to " + KeyPerIo.MAX_KEY_TAGS + ", is " + keyTags);
    }
    if (granularityBlocks < 1) {
      throw new IllegalArgumentException(
          "granularityBlocks must be at least 1, is " + granularityBlocks);
    }
  }

  /** So many key tags, any block by itself, no detection. */
  public static KeyPerIoModel of(int keyTags) {
    return new KeyPerIoModel(keyTags, 1, false);
  }

  public KeyPerIoModel withGranularityBlocks(int other) {
    return new KeyPerIoModel(keyTags, other, detectsIncorrectKeys);
  }

  public KeyPerIoModel detectingIncorrectKeys() {
    return new KeyPerIoModel(keyTags, granularityBlocks, true);
  }
}
