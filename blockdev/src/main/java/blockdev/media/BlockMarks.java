package blockdev.media;

/**
 * What a device knows of blocks beside their bytes, and what is lost and kept together with them.
 */
public interface BlockMarks {
  /** Nothing is known. */
  BlockMarks NONE =
      new BlockMarks() {
        @Override
        public int mark(long block) {
          return 0;
        }

        @Override
        public void restoreMark(long block, int mark) {}
      };

  /** What is known of a block, 0 for nothing. */
  int mark(long block);

  /** Makes {@code mark}, which this has given, what is known of a block. */
  void restoreMark(long block, int mark);
}
