package blockdev.sim;

/**
 * How long a device takes for its medium. A transfer is cut into pages of 4 KiB; page <i>p</i> of
 * the medium is on channel <i>p</i> mod <i>channels</i>, and there on die <i>p</i> /
 * <i>channels</i> mod <i>diesPerChannel</i>. Front end, dies, channels and the two directions of
 * the link each do one piece of work at a time.
 *
 * @param queueDepth commands that the device works on at a time
 * @param readCommandNs busy time of the front end for a read
 * @param writeCommandNs busy time of the front end for a write, and for all that moves no data
 * @param readFirmwareNs what a read takes besides, for any number of commands at a time
 * @param writeFirmwareNs what a write takes besides, likewise
 * @param writeFirmwarePageNs what it takes besides for each of its pages
 * @param dieReadNs busy time of a die to read a page
 * @param dieProgramNs busy time of a die to program a page
 * @param channelBytesPerSecond of each channel
 * @param readLinkBytesPerSecond to the host
 * @param writeLinkBytesPerSecond from the host
 * @param bufferPages of the write buffer; 0 if a write ends when it is programmed
 */
public record MediaTiming(
    int queueDepth,
    long readCommandNs,
    long writeCommandNs,
    long readFirmwareNs,
    long writeFirmwareNs,
    long writeFirmwarePageNs,
    int channels,
    int diesPerChannel,
    long dieReadNs,
    long dieProgramNs,
    long channelBytesPerSecond,
    long readLinkBytesPerSecond,
    long writeLinkBytesPerSecond,
    int bufferPages) {
  /** A bandwidth that takes no time. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** A queue depth that nothing waits for. */
  public static final int ANY_DEPTH = Integer.MAX_VALUE;

  public static final int PAGE_SHIFT = 12;
  public static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  /** Takes no time at all. */
  public static final MediaTiming NULL =
      new MediaTiming(ANY_DEPTH, 0, 0, 0, 0, 0, 1, 1, 0, 0, UNLIMITED, UNLIMITED, UNLIMITED, 0);

  private static final long NS_PER_SECOND = 1_000_000_000L;

  public MediaTiming {
    long times =
        readCommandNs
            | writeCommandNs
            | readFirmwareNs
            | writeFirmwareNs
            | writeFirmwarePageNs
            | dieReadNs
            | dieProgramNs;
    if (times < 0) {
      throw new IllegalArgumentException("a time must not be negative");
    }
    if (queueDepth < 1 || channels < 1 || diesPerChannel < 1 || bufferPages < 0) {
      throw new IllegalArgumentException(
          String.format(
              "queueDepth %d, channels %d and diesPerChannel %d must be positive, bufferPages %d"
                  + " not negative",
              queueDepth, channels, diesPerChannel, bufferPages));
    }
    if (channelBytesPerSecond < 1 || readLinkBytesPerSecond < 1 || writeLinkBytesPerSecond < 1) {
      throw new IllegalArgumentException("a bandwidth must be positive");
    }
  }

  /** A medium of {@code dies} on channels of their own, with one link and no buffer. */
  public static MediaTiming ofDies(int dies, long dieNs, long linkBytesPerSecond) {
    return new MediaTiming(
        ANY_DEPTH,
        0,
        0,
        0,
        0,
        0,
        dies,
        1,
        dieNs,
        dieNs,
        UNLIMITED,
        linkBytesPerSecond,
        linkBytesPerSecond,
        0);
  }

  public int dies() {
    return channels * diesPerChannel;
  }

  /** Whether nothing but the front end takes time. */
  boolean isFreeBehindTheFrontEnd() {
    long times = readFirmwareNs | writeFirmwareNs | writeFirmwarePageNs | dieReadNs | dieProgramNs;
    return times == 0
        && channelBytesPerSecond == UNLIMITED
        && readLinkBytesPerSecond == UNLIMITED
        && writeLinkBytesPerSecond == UNLIMITED;
  }

  /** Nanoseconds to move {@code bytes}, rounded up. */
  public static long transferNs(int bytes, long bytesPerSecond) {
    return bytesPerSecond == UNLIMITED ? 0 : Math.ceilDiv(bytes * NS_PER_SECOND, bytesPerSecond);
  }
}
