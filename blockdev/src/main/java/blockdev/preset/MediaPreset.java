package blockdev.preset;

import static blockdev.preset.Mark.ASSUMED;
import static blockdev.preset.Mark.DERIVED;
import static blockdev.preset.Mark.STATED;
import static blockdev.preset.Mark.VERIFIED;
import static blockdev.preset.Parameter.BUFFER_PAGES;
import static blockdev.preset.Parameter.CHANNELS;
import static blockdev.preset.Parameter.CHANNEL_BANDWIDTH;
import static blockdev.preset.Parameter.DEPTH;
import static blockdev.preset.Parameter.DIES_PER_CHANNEL;
import static blockdev.preset.Parameter.DIE_ERASE;
import static blockdev.preset.Parameter.DIE_PROGRAM;
import static blockdev.preset.Parameter.DIE_READ;
import static blockdev.preset.Parameter.PROGRAM_PAGES;
import static blockdev.preset.Parameter.RANDOM_READ;
import static blockdev.preset.Parameter.RANDOM_WRITE;
import static blockdev.preset.Parameter.READ_COMMAND;
import static blockdev.preset.Parameter.READ_FIRMWARE;
import static blockdev.preset.Parameter.READ_LINK;
import static blockdev.preset.Parameter.SEQUENTIAL_READ;
import static blockdev.preset.Parameter.SEQUENTIAL_WRITE;
import static blockdev.preset.Parameter.WRITE_COMMAND;
import static blockdev.preset.Parameter.WRITE_FIRMWARE;
import static blockdev.preset.Parameter.WRITE_FIRMWARE_PAGE;
import static blockdev.preset.Parameter.WRITE_LINK;

import blockdev.sim.MediaTiming;
import java.util.List;

/**
 * What a device is made of, as far as time goes.
 *
 * <p>Of phone storage, bandwidths and random rates at a depth are published and its inside is not.
 * They become the structure of {@link MediaTiming} so that each published number has one cause:
 *
 * <ul>
 *   <li>a random rate is the front end's: a command keeps it busy for 1 / rate,
 *   <li>sequential reading is the link's bandwidth,
 *   <li>sequential writing is what the dies program: dies × 4 KiB / bandwidth is a page's time,
 *   <li>depth-1 read latency is front end + die + link, which leaves the die's time to read.
 * </ul>
 *
 * <p>There are as many dies as keep them from being what binds first. Of the emulators' profiles
 * the inside is published; nothing is derived there but what the profile leaves open.
 *
 * @param name what {@code --media} calls it
 * @param summary what it is, in a line
 */
public record MediaPreset(String name, String summary, Figures figures, List<String> notes) {
  /** The medium of a phone that has {@link DevicePreset#DEFAULT}. */
  public static final String DEFAULT = "ufs31";

  private static final long MB = 1_000_000;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final String VENDOR = "vendor table, second-hand";
  private static final String PROFILE = "NVMeVirt ssd_config.h";

  private static final List<MediaPreset> ALL =
      List.of(
          phone("emmc51", "eMMC 5.1", 250, 125, 11_000, 13_000, 60_000),
          phone("ufs21", "UFS 2.1, two lanes", 860, 255, 42_000, 40_000, DieRead.LEFT_BY_90_US),
          phone("ufs30", "UFS 3.0", 2100, 410, 63_000, 68_000, DieRead.LEFT_BY_90_US),
          phone("ufs31", "UFS 3.1", 2100, 1200, 100_000, 70_000, DieRead.LEFT_BY_90_US),
          ufs40(),
          optane(),
          nothing(),
          tlc970Pro(),
          znsZn540(),
          znsPrototype(),
          femu(),
          simple());

  /** How long a phone's die reads. */
  private static final class DieRead {
    /** What a read at depth 1 leaves of 90 µs. */
    static final long LEFT_BY_90_US = 0;

    private DieRead() {}
  }

  /**
   * The medium of that name.
   *
   * @throws IllegalArgumentException if there is none, with the names that there are
   */
  public static MediaPreset named(String name) {
    return ALL.stream()
        .filter(each -> each.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no medium " + name + "; there are " + String.join(", ", names())));
  }

  public static List<MediaPreset> all() {
    return ALL;
  }

  /** The names for {@code --media}. */
  public static List<String> names() {
    return ALL.stream().map(MediaPreset::name).toList();
  }

  public MediaTiming timing() {
    return new MediaTiming(
        Math.toIntExact(figures.valueOr(DEPTH, MediaTiming.ANY_DEPTH)),
        figures.value(READ_COMMAND),
        figures.value(WRITE_COMMAND),
        figures.value(READ_FIRMWARE),
        figures.value(WRITE_FIRMWARE),
        figures.value(WRITE_FIRMWARE_PAGE),
        Math.toIntExact(figures.valueOr(CHANNELS, 1)),
        Math.toIntExact(figures.valueOr(DIES_PER_CHANNEL, 1)),
        figures.value(DIE_READ),
        Math.ceilDiv(figures.value(DIE_PROGRAM), figures.valueOr(PROGRAM_PAGES, 1)),
        figures.valueOr(CHANNEL_BANDWIDTH, MediaTiming.UNLIMITED),
        figures.valueOr(READ_LINK, MediaTiming.UNLIMITED),
        figures.valueOr(WRITE_LINK, MediaTiming.UNLIMITED),
        figures.count(BUFFER_PAGES));
  }

  private static MediaPreset phone(
      String name,
      String summary,
      long readMb,
      long writeMb,
      long readIops,
      long writeIops,
      long dieReadNs) {
    Figures published =
        Figures.NONE
            .with(SEQUENTIAL_READ, readMb * MB, STATED, VENDOR)
            .with(SEQUENTIAL_WRITE, writeMb * MB, STATED, VENDOR)
            .with(RANDOM_READ, readIops, STATED, VENDOR)
            .with(RANDOM_WRITE, writeIops, STATED, VENDOR)
            .with(DEPTH, 32, STATED, VENDOR);
    return new MediaPreset(name, summary, phoneStructure(published, 64, dieReadNs), List.of());
  }

  private static MediaPreset ufs40() {
    Figures published =
        Figures.NONE
            .with(SEQUENTIAL_READ, 4200 * MB, STATED, "vendor's announcement")
            .with(SEQUENTIAL_WRITE, 2800 * MB, ASSUMED, "nobody publishes it")
            .with(RANDOM_READ, 200_000, ASSUMED, "nobody publishes it")
            .with(RANDOM_WRITE, 150_000, ASSUMED, "nobody publishes it")
            .with(DEPTH, 32, ASSUMED, "as UFS 3.1", 32, 64);
    return new MediaPreset(
        "ufs40", "UFS 4.0", phoneStructure(published, 128, DieRead.LEFT_BY_90_US), List.of());
  }

  /** See the class comment for what follows from what. */
  private static Figures phoneStructure(Figures published, int dies, long dieReadNs) {
    int channels = 8;
    long readCommandNs = NS_PER_SECOND / published.value(RANDOM_READ);
    long readLink = published.value(SEQUENTIAL_READ);
    long pageLinkNs = MediaTiming.transferNs(MediaTiming.PAGE_BYTES, readLink);
    long programNs =
        dies * MediaTiming.PAGE_BYTES * NS_PER_SECOND / published.value(SEQUENTIAL_WRITE);
    Figures structure =
        published
            .with(READ_COMMAND, readCommandNs, DERIVED, "1 / random reads per second")
            .with(
                WRITE_COMMAND,
                NS_PER_SECOND / published.value(RANDOM_WRITE),
                DERIVED,
                "1 / random writes per second")
            .with(CHANNELS, channels, ASSUMED, "enough not to bind")
            .with(DIES_PER_CHANNEL, dies / channels, ASSUMED, "enough not to bind")
            .with(DIE_PROGRAM, programNs, DERIVED, "dies x 4096 / sequential write")
            .with(READ_LINK, readLink, DERIVED, "sequential read")
            .with(WRITE_LINK, readLink, DERIVED, "as the other direction")
            .with(BUFFER_PAGES, 512, ASSUMED, "2 MiB");
    return dieReadNs == DieRead.LEFT_BY_90_US
        ? structure.with(
            DIE_READ,
            90_000 - readCommandNs - pageLinkNs,
            ASSUMED,
            "leaves 90 us for a read at depth 1")
        : structure.with(DIE_READ, dieReadNs, ASSUMED, "nobody publishes it");
  }

  private static MediaPreset optane() {
    String depth1 = "leaves 10 us at depth 1";
    return new MediaPreset(
        "optane",
        "3D XPoint SSD of Intel's first generation",
        Figures.NONE
            .with(SEQUENTIAL_READ, 2500 * MB, ASSUMED, "of the order of the vendor's")
            .with(SEQUENTIAL_WRITE, 2200 * MB, ASSUMED, "of the order of the vendor's")
            .with(RANDOM_READ, 550_000, ASSUMED, "of the order of the vendor's")
            .with(RANDOM_WRITE, 500_000, ASSUMED, "of the order of the vendor's")
            .with(DEPTH, 128, STATED, "vendor")
            .with(READ_COMMAND, 1818, DERIVED, "1 / random reads per second")
            .with(WRITE_COMMAND, 2000, DERIVED, "1 / random writes per second")
            .with(CHANNELS, 16, ASSUMED, "enough not to bind")
            .with(DIES_PER_CHANNEL, 1, ASSUMED, "enough not to bind")
            .with(DIE_READ, 6543, STATED, depth1)
            .with(DIE_PROGRAM, 6138, STATED, depth1)
            .with(READ_LINK, 2500 * MB, DERIVED, "sequential read")
            .with(WRITE_LINK, 2200 * MB, DERIVED, "sequential write"),
        List.of("no write buffer: a write ends when the medium has it"));
  }

  private static MediaPreset nothing() {
    return new MediaPreset(
        "null",
        "takes no time at all: what is left is the queues and the keys",
        Figures.NONE
            .with(READ_FIRMWARE, 0, VERIFIED, "Linux null_blk takes 0 or 10 us")
            .with(WRITE_FIRMWARE, 0, VERIFIED, "Linux null_blk takes 0 or 10 us"),
        List.of());
  }

  private static MediaPreset tlc970Pro() {
    return new MediaPreset(
        "tlc-970pro",
        "Samsung 970 PRO as NVMeVirt calibrates it",
        Figures.NONE
            .with(READ_FIRMWARE, 21_500, VERIFIED, PROFILE)
            .with(WRITE_FIRMWARE, 4000, VERIFIED, PROFILE)
            .with(WRITE_FIRMWARE_PAGE, 460, VERIFIED, PROFILE)
            .with(CHANNELS, 8, VERIFIED, PROFILE)
            .with(DIES_PER_CHANNEL, 2, VERIFIED, PROFILE)
            .with(DIE_READ, 35_760, VERIFIED, PROFILE + ": by kind of page", 29_760, 41_760)
            .with(DIE_PROGRAM, 185_000, VERIFIED, PROFILE)
            .with(PROGRAM_PAGES, 8, VERIFIED, PROFILE + ": 32 KiB")
            .with(CHANNEL_BANDWIDTH, 800 * MB, VERIFIED, PROFILE)
            .with(READ_LINK, 3360 * MB, VERIFIED, PROFILE)
            .with(WRITE_LINK, 3360 * MB, VERIFIED, PROFILE)
            .with(BUFFER_PAGES, 256, VERIFIED, PROFILE + ": two programs of each die"),
        List.of("every page is read in the mean time of both kinds"));
  }

  private static MediaPreset znsZn540() {
    return new MediaPreset(
        "zns-zn540",
        "Western Digital ZN540 as NVMeVirt calibrates it, without its zones",
        Figures.NONE
            .with(READ_FIRMWARE, 20_000, VERIFIED, PROFILE)
            .with(WRITE_FIRMWARE, 5600, VERIFIED, PROFILE)
            .with(WRITE_FIRMWARE_PAGE, 600, VERIFIED, PROFILE)
            .with(CHANNELS, 8, VERIFIED, PROFILE)
            .with(DIES_PER_CHANNEL, 4, VERIFIED, PROFILE)
            .with(DIE_READ, 50_000, VERIFIED, PROFILE)
            .with(DIE_PROGRAM, 561_000, VERIFIED, PROFILE)
            .with(PROGRAM_PAGES, 24, VERIFIED, PROFILE + ": 96 KiB")
            .with(CHANNEL_BANDWIDTH, 450 * MB, VERIFIED, PROFILE)
            .with(READ_LINK, 3050 * MB, VERIFIED, PROFILE)
            .with(WRITE_LINK, 3050 * MB, VERIFIED, PROFILE)
            .with(BUFFER_PAGES, 240, VERIFIED, PROFILE + ": of one zone"),
        List.of("there are no zones here: any block can be written at any time"));
  }

  private static MediaPreset znsPrototype() {
    return new MediaPreset(
        "zns-proto",
        "SK hynix zoned prototype as NVMeVirt calibrates it, without its zones",
        Figures.NONE
            .with(READ_FIRMWARE, 32_150, VERIFIED, PROFILE)
            .with(WRITE_FIRMWARE, 0, VERIFIED, PROFILE)
            .with(CHANNELS, 8, VERIFIED, PROFILE)
            .with(DIES_PER_CHANNEL, 16, VERIFIED, PROFILE)
            .with(DIE_READ, 25_485, VERIFIED, PROFILE)
            .with(DIE_PROGRAM, 1_913_640, VERIFIED, PROFILE)
            .with(PROGRAM_PAGES, 32, VERIFIED, PROFILE + ": 128 KiB")
            .with(CHANNEL_BANDWIDTH, 800 * MB, VERIFIED, PROFILE)
            .with(READ_LINK, 3200 * MB, VERIFIED, PROFILE)
            .with(WRITE_LINK, 3200 * MB, VERIFIED, PROFILE),
        List.of(
            "no early completion: a write ends when it is programmed",
            "there are no zones here: any block can be written at any time"));
  }

  private static MediaPreset femu() {
    String defaults = "FEMU's defaults";
    return new MediaPreset(
        "femu",
        "FEMU's black-box SSD with its defaults",
        Figures.NONE
            .with(CHANNELS, 8, ASSUMED, defaults)
            .with(DIES_PER_CHANNEL, 8, ASSUMED, defaults)
            .with(DIE_READ, 40_000, VERIFIED, defaults)
            .with(DIE_PROGRAM, 200_000, VERIFIED, defaults)
            .with(DIE_ERASE, 2_000_000, VERIFIED, defaults),
        List.of("nothing is erased here, and no garbage collected", "no write buffer"));
  }

  private static MediaPreset simple() {
    String chosen = "NVMeVirt's module says 1 ns until it is told better";
    return new MediaPreset(
        "simple",
        "NVMeVirt's simplest model: a request waits for the units that it touches",
        Figures.NONE
            .with(READ_FIRMWARE, 10_000, ASSUMED, chosen)
            .with(WRITE_FIRMWARE, 10_000, ASSUMED, chosen)
            .with(CHANNELS, 8, VERIFIED, "NVMeVirt's nr_io_units")
            .with(DIES_PER_CHANNEL, 1, VERIFIED, "a unit has its 4 KiB of every 32")
            .with(DIE_READ, 10_000, ASSUMED, chosen)
            .with(DIE_PROGRAM, 10_000, ASSUMED, chosen),
        List.of("units are not kept busy after a request: its trailing time is 0"));
  }
}
