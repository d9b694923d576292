package blockdev.nvme;

/** Identifiers of log pages, and where things are in them (NVMe Base 2.1, "Get Log Page"). */
public final class LogPage {
  public static final int SUPPORTED = 0x00;
  public static final int ERRORS = 0x01;
  public static final int HEALTH = 0x02;
  public static final int FIRMWARE = 0x03;
  public static final int CHANGED_NAMESPACES = 0x04;
  public static final int EFFECTS = 0x05;
  public static final int SANITIZE = 0x81;

  /** RAE, in CDW10: the event that points to the page stays masked. */
  public static final int RETAIN_EVENT = 1 << 15;

  public static final int ERROR_ENTRY_BYTES = 64;
  public static final int ERROR_COUNT = 0;
  public static final int ERROR_QUEUE_ID = 8;
  public static final int ERROR_COMMAND_ID = 10;
  public static final int ERROR_STATUS = 12;
  public static final int ERROR_PARAMETER = 14;
  public static final int ERROR_LBA = 16;
  public static final int ERROR_NAMESPACE = 24;

  public static final int HEALTH_BYTES = 512;
  public static final int HEALTH_WARNING = 0;
  public static final int HEALTH_TEMPERATURE = 1;
  public static final int HEALTH_SPARE = 3;
  public static final int HEALTH_SPARE_THRESHOLD = 4;
  public static final int HEALTH_UNITS_READ = 32;
  public static final int HEALTH_UNITS_WRITTEN = 48;
  public static final int HEALTH_READ_COMMANDS = 64;
  public static final int HEALTH_WRITE_COMMANDS = 80;
  public static final int HEALTH_POWER_CYCLES = 112;
  public static final int HEALTH_POWER_ON_HOURS = 128;
  public static final int HEALTH_UNSAFE_SHUTDOWNS = 144;
  public static final int HEALTH_MEDIA_ERRORS = 160;
  public static final int HEALTH_ERROR_ENTRIES = 176;

  public static final int FIRMWARE_BYTES = 512;
  public static final int CHANGED_NAMESPACES_BYTES = 4096;
  public static final int EFFECTS_BYTES = 4096;
  public static final int EFFECTS_IO = 1024;
  public static final int SUPPORTED_BYTES = 1024;

  public static final int SANITIZE_BYTES = 512;
  public static final int SANITIZE_PROGRESS = 0;
  public static final int SANITIZE_STATUS = 2;
  public static final int SANITIZE_CDW10 = 4;
  public static final int SANITIZE_ESTIMATES = 8;

  private LogPage() {}
}
