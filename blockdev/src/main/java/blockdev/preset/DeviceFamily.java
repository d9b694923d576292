package blockdev.preset;

import static blockdev.preset.Mark.ASSUMED;
import static blockdev.preset.Mark.MEASURED;
import static blockdev.preset.Mark.STATED;
import static blockdev.preset.Mark.VERIFIED;
import static blockdev.preset.Parameter.BOUNCE_PAGES;
import static blockdev.preset.Parameter.DATA_UNIT_SIZES;
import static blockdev.preset.Parameter.DERIVE;
import static blockdev.preset.Parameter.DUN_BITS;
import static blockdev.preset.Parameter.ENGINE_BANDWIDTH;
import static blockdev.preset.Parameter.EVICT;
import static blockdev.preset.Parameter.HOST_EVICT;
import static blockdev.preset.Parameter.HOST_KEYSLOTS;
import static blockdev.preset.Parameter.HOST_PROGRAM;
import static blockdev.preset.Parameter.KEYSLOTS;
import static blockdev.preset.Parameter.PREPARE;
import static blockdev.preset.Parameter.PROGRAM;
import static blockdev.preset.Parameter.RESERVED_KEYSLOTS;
import static blockdev.preset.Parameter.RESUME;
import static blockdev.preset.Parameter.SEGMENT_DESCRIPTOR;
import static blockdev.preset.Parameter.SUSPEND_AFTER;
import static blockdev.preset.Parameter.TENANTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rows of the table of devices, each a family that differs in its number of keyslots, or one
 * device that has none to count.
 */
enum DeviceFamily {
  IDEAL("ideal", Slots.FIXED, none -> ideal()),
  UFS_STD("ufs-std", new Slots(32, Slots.REGISTER_MAX), DeviceFamily::ufsStandard),
  UFS_ICE("ufs-ice", new Slots(32, Slots.MAX), DeviceFamily::ufsIce),
  UFS_ICE_WRAPPED("ufs-ice-wrapped", new Slots(32, Slots.MAX), DeviceFamily::ufsIceWrapped),
  UFS_MTK("ufs-mtk", new Slots(32, Slots.REGISTER_MAX), DeviceFamily::ufsMediatek),
  EMMC_CQHCI("emmc-cqhci", new Slots(32, Slots.REGISTER_MAX), DeviceFamily::emmc),
  EXYNOS_FMP("exynos-fmp", Slots.FIXED, none -> fmp()),
  EXYNOS_SLOTS("exynos-slots", new Slots(15, Slots.MAX), DeviceFamily::exynosSlots),
  EXYNOSAUTO_4VM("exynosauto-4vm", Slots.FIXED, none -> exynosAuto()),
  PIXEL_KDN("pixel-kdn", new Slots(15, Slots.MAX), DeviceFamily::pixel),
  DPU_MLX5("dpu-mlx5", new Slots(1024, Slots.MAX), DeviceFamily::mlx5),
  NVME_KPIO("nvme-kpio", new Slots(256, Slots.MAX), DeviceFamily::keyPerIo),
  SLOTS("slots", new Slots(32, Slots.MAX), DeviceFamily::anySlots),
  FALLBACK("fallback", new Slots(Slots.LINUX_FALLBACK, Slots.MAX), DeviceFamily::fallback),
  WORST("worst", new Slots(1, Slots.MAX), DeviceFamily::worst),
  SOFTWARE("software", Slots.FIXED, none -> software());

  private static final Pattern NUMBERED = Pattern.compile("(.+)-([0-9]{1,5})");
  private static final String UFS_ALIAS = "ufs";

  /** All powers of two from 512 to 65536. */
  private static final int ALL_SIZES = 0x1FE00;

  private static final String UFSHCD = "Linux ufshcd-crypto";
  private static final String CQHCI = "Linux cqhci-crypto";
  private static final String UNPUBLISHED = "nobody publishes it";
  private static final String SPDK = "SPDK's mlx5 module";

  private final String label;
  private final Slots slots;
  private final IntFunction<DevicePreset> make;

  DeviceFamily(String label, Slots slots, IntFunction<DevicePreset> make) {
    this.label = label;
    this.slots = slots;
    this.make = make;
  }

  /**
   * Numbers of keyslots that a family can have.
   *
   * @param usual if none is given; 0 if there are none to count
   */
  private record Slots(int usual, int most) {
    /** A name without a number. */
    static final Slots FIXED = new Slots(0, 0);

    /** A command names its slot in 16 bits, and FFFFh is none. */
    static final int MAX = 0xFFFF;

    /** What a capability register of UFS and CQHCI can say. */
    static final int REGISTER_MAX = 256;

    /** Linux blk-crypto-fallback. */
    static final int LINUX_FALLBACK = 100;

    boolean areCounted() {
      return usual != 0;
    }
  }

  static DevicePreset named(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (!numbered.matches()) {
      DeviceFamily family = family(name, name);
      return family.make.apply(family.slots.usual());
    }
    DeviceFamily family = family(numbered.group(1), name);
    return family.with(Integer.parseInt(numbered.group(2)));
  }

  static DevicePreset named(String name, int keyslots) {
    Matcher numbered = NUMBERED.matcher(name);
    return family(numbered.matches() ? numbered.group(1) : name, name).with(keyslots);
  }

  static List<DevicePreset> all() {
    return Arrays.stream(values()).map(each -> each.make.apply(each.slots.usual())).toList();
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (DeviceFamily family : values()) {
      names.add(family.slots.areCounted() ? family.label + "[-N]" : family.label);
    }
    return names;
  }

  private static DeviceFamily family(String label, String name) {
    String full = label.equals(UFS_ALIAS) ? UFS_STD.label : label;
    return Arrays.stream(values())
        .filter(each -> each.label.equals(full))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no device "
                    + name
                    + "; there are "
                    + names().stream().collect(Collectors.joining(", "))));
  }

  private DevicePreset with(int keyslots) {
    if (!slots.areCounted()) {
      throw new IllegalArgumentException(label + " has no keyslots to count");
    }
    if (keyslots < 1 || keyslots > slots.most()) {
      throw new IllegalArgumentException(
          "keyslots must be from 1 to " + slots.most() + ", are " + keyslots);
    }
    return make.apply(keyslots);
  }

  private static DevicePreset ideal() {
    return new DevicePreset(
        "ideal",
        "unlimited keyslots that cost nothing: the upper bound for every comparison",
        KeyDelivery.RAW,
        Figures.NONE
            .with(KEYSLOTS, 65_534, ASSUMED, "stands for unlimited; a command can name no more")
            .with(DUN_BITS, 128, ASSUMED, "what a command has room for")
            .with(DATA_UNIT_SIZES, ALL_SIZES, ASSUMED, "all that UFS knows")
            .with(PROGRAM, 0, ASSUMED, "ideal")
            .with(EVICT, 0, ASSUMED, "ideal")
            .with(DERIVE, 0, ASSUMED, "ideal")
            .with(PREPARE, 0, ASSUMED, "ideal"),
        List.of());
  }

  private static DevicePreset ufsStandard(int count) {
    return new DevicePreset(
        "ufs-std-" + count,
        "UFS host controller as the standard has it, with keys in registers",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(
                    KEYSLOTS,
                    count,
                    count == 32 ? ASSUMED : VERIFIED,
                    UFSHCD + ": a capability byte plus 1",
                    1,
                    Slots.REGISTER_MAX)
                .with(DUN_BITS, 64, VERIFIED, UFSHCD)
                .with(DATA_UNIT_SIZES, ALL_SIZES, VERIFIED, UFSHCD + ": a capability mask")
                .with(
                    PROGRAM,
                    3000,
                    ASSUMED,
                    "19 posted register writes of 50 to 250 ns",
                    1000,
                    10_000)
                .with(EVICT, 3000, ASSUMED, "the same writes, of zeros")),
        List.of("after a reset all keys are programmed again before use"));
  }

  private static DevicePreset ufsIce(int count) {
    return new DevicePreset(
        "ufs-ice-" + count,
        "UFS with Qualcomm's inline engine, programmed by a call to the secure world",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, STATED, "vendor's text for ICE 3.x and 4.x: at most 32")
                .with(DUN_BITS, 64, VERIFIED, "Linux ice")
                .with(DATA_UNIT_SIZES, ALL_SIZES, STATED, "mask 1FE00h of a mainline SM8150")
                .with(
                    PROGRAM,
                    15_000,
                    ASSUMED,
                    "a secure call alone takes 0.5 to 3 us, says Trusted Firmware-A",
                    5000,
                    50_000)
                .with(EVICT, 10_000, ASSUMED, "a secure call without a key")),
        List.of("after a reset all keys are programmed again before use"));
  }

  private static DevicePreset ufsIceWrapped(int count) {
    return new DevicePreset(
        "ufs-ice-wrapped-" + count,
        "the same with its hardware key manager: wrapped keys only",
        KeyDelivery.WRAPPED,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, STATED, "vendor's text for ICE 3.x and 4.x: at most 32")
                .with(DUN_BITS, 64, VERIFIED, "Linux ice")
                .with(DATA_UNIT_SIZES, ALL_SIZES, STATED, "mask 1FE00h of a mainline SM8150")
                .with(PROGRAM, 100_000, ASSUMED, "unwrap and CMAC in firmware", 30_000, 500_000)
                .with(EVICT, 10_000, ASSUMED, "a secure call without a key")
                .with(DERIVE, 100_000, ASSUMED, UNPUBLISHED, 30_000, 1_000_000)
                .with(PREPARE, 200_000, ASSUMED, UNPUBLISHED, 30_000, 1_000_000)),
        List.of(
            "raw keys are refused while wrapped ones are taken",
            "no hardware derives per-file or per-extent keys: one key for each mode and policy"));
  }

  private static DevicePreset ufsMediatek(int count) {
    return new DevicePreset(
        "ufs-mtk-" + count,
        "UFS of MediaTek: keys in registers, once the secure world has let go of them",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, ASSUMED, "as ufs-std", 1, Slots.REGISTER_MAX)
                .with(DUN_BITS, 64, VERIFIED, UFSHCD)
                .with(DATA_UNIT_SIZES, ALL_SIZES, VERIFIED, UFSHCD)
                .with(PROGRAM, 3000, ASSUMED, "as ufs-std", 1000, 10_000)
                .with(EVICT, 3000, ASSUMED, "as ufs-std")),
        List.of("each reset is followed by one secure call that enables the engine"));
  }

  private static DevicePreset emmc(int count) {
    return new DevicePreset(
        "emmc-cqhci-" + count,
        "eMMC with command queueing: data unit numbers of 32 bits",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, ASSUMED, "by the same rule as UFS", 1, Slots.REGISTER_MAX)
                .with(DUN_BITS, 32, VERIFIED, CQHCI)
                .with(DATA_UNIT_SIZES, ALL_SIZES, VERIFIED, CQHCI)
                .with(PROGRAM, 5000, ASSUMED, "the writes of UFS, slower", 2000, 20_000)
                .with(EVICT, 5000, ASSUMED, "the same writes, of zeros")),
        List.of(
            "numbers within an extent of 128 MiB fit; 64-bit inode-number IVs do not, 32-bit do"));
  }

  private static DevicePreset fmp() {
    String driver = "Linux ufs-exynos";
    return new DevicePreset(
        "exynos-fmp",
        "Samsung's FMP: no keyslots, the key travels in each scatter entry",
        KeyDelivery.COMMAND,
        Figures.NONE
            .with(KEYSLOTS, 0, VERIFIED, driver)
            .with(DUN_BITS, 128, VERIFIED, driver)
            .with(DATA_UNIT_SIZES, 4096, VERIFIED, driver)
            .with(SEGMENT_DESCRIPTOR, 128, VERIFIED, driver)
            .with(PROGRAM, 0, VERIFIED, "there is nothing to program"),
        List.of("segments are split to 4 KiB, a data unit each"));
  }

  private static DevicePreset exynosSlots(int count) {
    return new DevicePreset(
        "exynos-slots-" + count,
        "Samsung's FMP as its vendor's driver can use it: keys in register slots",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, STATED, "vendor's driver: 16, less the one for itself")
                .with(RESERVED_KEYSLOTS, 1, STATED, "vendor's driver: the last, for a self-test")
                .with(DUN_BITS, 128, VERIFIED, "Linux ufs-exynos")
                .with(DATA_UNIT_SIZES, 4096, VERIFIED, "Linux ufs-exynos")
                .with(PROGRAM, 5000, ASSUMED, UNPUBLISHED, 2000, 20_000)
                .with(EVICT, 5000, ASSUMED, UNPUBLISHED)),
        List.of());
  }

  private static DevicePreset exynosAuto() {
    String patch = "patch mail of 2025: slot number shifted by the VM's";
    return new DevicePreset(
        "exynosauto-4vm",
        "Samsung ExynosAuto: four virtual machines share the slots, this is one of them",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, 8, ASSUMED, patch)
                .with(TENANTS, 4, STATED, patch)
                .with(DUN_BITS, 128, VERIFIED, "Linux ufs-exynos")
                .with(DATA_UNIT_SIZES, 4096, VERIFIED, "Linux ufs-exynos")
                .with(PROGRAM, 5000, ASSUMED, UNPUBLISHED)
                .with(EVICT, 5000, ASSUMED, UNPUBLISHED)),
        List.of("a tenant sees only its own range; the other three are not simulated"));
  }

  private static DevicePreset pixel(int count) {
    return new DevicePreset(
        "pixel-kdn-" + count,
        "Google's key distribution: a mailbox to the security coprocessor",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, STATED, "vendor's driver: 16, less the one for itself")
                .with(RESERVED_KEYSLOTS, 1, STATED, "vendor's driver: for a self-test")
                .with(DUN_BITS, 64, STATED, "vendor's driver limits it")
                .with(DATA_UNIT_SIZES, 4096, ASSUMED, UNPUBLISHED)
                .with(
                    PROGRAM,
                    150_000,
                    ASSUMED,
                    "a shared mailbox takes 20 to 376 us, says Trusted Firmware-A",
                    50_000,
                    500_000)
                .with(EVICT, 50_000, ASSUMED, UNPUBLISHED)
                .with(DERIVE, 150_000, ASSUMED, UNPUBLISHED)
                .with(PREPARE, 200_000, ASSUMED, UNPUBLISHED)),
        List.of(
            "the coprocessor restores the keys after a power collapse",
            "takes raw keys here; what it derives and prepares is shown and not used"));
  }

  private static DevicePreset mlx5(int count) {
    return new DevicePreset(
        "dpu-mlx5-" + count,
        "NVIDIA ConnectX or BlueField: key objects in firmware",
        KeyDelivery.RAW,
        Figures.NONE
            .with(KEYSLOTS, count, ASSUMED, "key objects; " + UNPUBLISHED)
            .with(DUN_BITS, 128, ASSUMED, "tweak from the block number")
            .with(DATA_UNIT_SIZES, 512 + 4096, VERIFIED, SPDK)
            .with(PROGRAM, 300_000, ASSUMED, "a firmware command", 50_000, 5_000_000)
            .with(EVICT, 100_000, ASSUMED, "a firmware command")
            .with(ENGINE_BANDWIDTH, 25_000_000_000L, STATED, "vendor: 25 GB/s each way"),
        List.of());
  }

  private static DevicePreset keyPerIo(int count) {
    return new DevicePreset(
        "nvme-kpio-" + count,
        "NVMe SSD with Key Per I/O: key tags, and data units numbered by address",
        KeyDelivery.TAG,
        Figures.NONE
            .with(KEYSLOTS, count, ASSUMED, "key tags; NVMe allows 65536 for a namespace")
            .with(DATA_UNIT_SIZES, 4096, STATED, "the namespace's LBA format")
            .with(
                PROGRAM,
                1_000_000,
                ASSUMED,
                "a KMIP Import by Security Send, in firmware",
                100_000,
                5_000_000)
            .with(EVICT, 500_000, ASSUMED, "a clear by Security Send")
            .with(DERIVE, 0, ASSUMED, "it has no wrapped keys of blk-crypto's kind")
            .with(PREPARE, 0, ASSUMED, "likewise"),
        List.of(
            "commands carry no data unit number: what moves on the device is encrypted again",
            "metadata needs a namespace of its own, for this one takes no plain data",
            "keys outlive a controller reset, and not a loss of power"));
  }

  private static DevicePreset anySlots(int count) {
    return new DevicePreset(
        "slots-" + count,
        "so many keyslots at the price of ufs-ice, for sweeps",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, ASSUMED, "as asked")
                .with(DUN_BITS, 64, ASSUMED, "as ufs-ice")
                .with(DATA_UNIT_SIZES, ALL_SIZES, ASSUMED, "as ufs-ice")
                .with(PROGRAM, 15_000, ASSUMED, "as ufs-ice")
                .with(EVICT, 10_000, ASSUMED, "as ufs-ice")),
        List.of());
  }

  private static DevicePreset worst(int count) {
    return new DevicePreset(
        "worst-" + count,
        "for lessons: slots so slow that every effect can be seen",
        KeyDelivery.RAW,
        powered(
            Figures.NONE
                .with(KEYSLOTS, count, ASSUMED, "as asked")
                .with(DUN_BITS, 64, ASSUMED, "made up")
                .with(DATA_UNIT_SIZES, 4096, ASSUMED, "made up")
                .with(PROGRAM, 1_000_000, ASSUMED, "made up")
                .with(EVICT, 1_000_000, ASSUMED, "made up")),
        List.of());
  }

  private static DevicePreset fallback(int count) {
    return new DevicePreset(
        "fallback-" + count,
        count == 1
            ? "no inline encryption, and the kernel developers' stress setting for the host's"
            : "no inline encryption: the host's software fallback, with so many keyslots",
        KeyDelivery.HOST,
        host(count),
        List.of(
            "writes are copied to bounce pages, reads decrypted in place after completion",
            "host time is shown and not simulated: the host's CPU costs nothing"));
  }

  private static DevicePreset software() {
    return new DevicePreset(
        "software",
        "no inline encryption: the host's software fallback as Linux has it",
        KeyDelivery.HOST,
        host(Slots.LINUX_FALLBACK),
        List.of("host time is shown and not simulated: the host's CPU costs nothing"));
  }

  private static Figures host(int count) {
    String linux = "Linux blk-crypto-fallback";
    return Figures.NONE
        .with(KEYSLOTS, 0, VERIFIED, "the device has no inline encryption")
        .with(DUN_BITS, 256, VERIFIED, linux)
        .with(HOST_KEYSLOTS, count, VERIFIED, linux + ": 100, or num_keyslots")
        .with(HOST_PROGRAM, 1000, MEASURED, "AES-256 key schedule from Java", 700, 2800)
        .with(HOST_EVICT, 1000, MEASURED, "a random blank key instead", 700, 2800)
        .with(BOUNCE_PAGES, 256, VERIFIED, linux + ": 32 before 2026");
  }

  /** With what it takes to wake a host controller that runtime power management suspended. */
  private static Figures powered(Figures figures) {
    return figures
        .with(RESUME, 1_000_000, ASSUMED, UNPUBLISHED, 500_000, 5_000_000)
        .with(SUSPEND_AFTER, 3_000_000_000L, ASSUMED, "off unless a simulation asks for it");
  }
}
