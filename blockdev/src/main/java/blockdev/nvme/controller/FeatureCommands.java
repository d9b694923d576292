package blockdev.nvme.controller;

import blockdev.nvme.Feature;
import blockdev.nvme.NvmeStatus;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Set Features and Get Features. */
final class FeatureCommands {
  private static final int ALL_NAMESPACES = 0xFFFF_FFFF;
  private static final int TEMPERATURE_UNDER = 1; // THSEL
  private static final int ALL_SENSORS = 0xF; // TMPSEL
  private static final int NO_QUEUES = 0xFFFF; // 65536 queues, zero-based

  private final NvmeController controller;
  private final Features features;

  FeatureCommands(NvmeController controller) {
    this.controller = controller;
    features = controller.features();
  }

  int set(AdminCommand command) {
    int feature = command.cdw(10) & 0xFF;
    int capabilities = features.capabilities(feature);
    boolean save = (command.cdw(10) & Feature.SAVE) != 0;
    if (capabilities == 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (save && (capabilities & Feature.SAVEABLE) == 0) {
      return NvmeStatus.FEATURE_NOT_SAVEABLE;
    }
    int value = command.cdw(11);
    if ((capabilities & Feature.NAMESPACE_SPECIFIC) != 0) {
      return setErrorRecovery(command.namespace(), value, save);
    }
    int namespaceStatus = checkControllerWide(command.namespace());
    if (namespaceStatus != NvmeStatus.SUCCESS) {
      return namespaceStatus;
    }
    return switch (feature) {
      case Feature.POWER_MANAGEMENT -> setIf((value & 0x1F) == 0, feature, value & 0xFF, save);
      case Feature.TEMPERATURE_THRESHOLD -> setTemperature(value, save);
      case Feature.NUMBER_OF_QUEUES -> setNumberOfQueues(command, value);
      case Feature.INTERRUPT_VECTOR -> setVector(value, save);
      case Feature.VOLATILE_WRITE_CACHE, Feature.WRITE_ATOMICITY ->
          setIf(true, feature, value & 1, save);
      case Feature.INTERRUPT_COALESCING -> setIf(true, feature, value & 0xFFFF, save);
      case Feature.TIMESTAMP -> setTimestamp(command);
      case Feature.HOST_BEHAVIOR -> takeData(command, feature, features.hostBehavior);
      case Feature.HOST_IDENTIFIER -> setHostIdentifier(command, value);
      default -> setIf(true, feature, value, save);
    };
  }

  private int setIf(boolean valid, int feature, int value, boolean save) {
    if (!valid) {
      return NvmeStatus.INVALID_FIELD;
    }
    features.set(feature, value, save);
    return NvmeStatus.SUCCESS;
  }

  /** A feature of the whole controller takes no single namespace. */
  private int checkControllerWide(int namespace) {
    if (namespace == 0 || namespace == ALL_NAMESPACES) {
      return NvmeStatus.SUCCESS;
    }
    return controller.namespace(namespace) == null
        ? NvmeStatus.INVALID_NAMESPACE
        : NvmeStatus.FEATURE_NOT_NAMESPACE_SPECIFIC;
  }

  private int setErrorRecovery(int namespace, int value, boolean save) {
    if (namespace == ALL_NAMESPACES) {
      for (int id = 1; id <= controller.namespaceCount(); id++) {
        features.setErrorRecovery(id, value, save);
      }
      return NvmeStatus.SUCCESS;
    }
    if (controller.namespace(namespace) == null) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    features.setErrorRecovery(namespace, value, save);
    return NvmeStatus.SUCCESS;
  }

  /** There is the composite temperature and no other sensor. */
  private int setTemperature(int value, boolean save) {
    int sensor = value >>> 16 & 0xF;
    int kind = value >>> 20 & 3;
    if (sensor != 0 && sensor != ALL_SENSORS || kind > TEMPERATURE_UNDER) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (kind == TEMPERATURE_UNDER) {
      features.setUnderTemperature(value & 0xFFFF, save);
    } else {
      features.set(Feature.TEMPERATURE_THRESHOLD, value & 0xFFFF, save);
    }
    controller.health().checkTemperature();
    return NvmeStatus.SUCCESS;
  }

  private int setNumberOfQueues(AdminCommand command, int value) {
    int submissions = value & 0xFFFF;
    int completions = value >>> 16;
    if (submissions == NO_QUEUES || completions == NO_QUEUES) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (controller.queues().hasIo()) {
      return NvmeStatus.COMMAND_SEQUENCE_ERROR;
    }
    int most = controller.queues().limit() - 1;
    int granted = Math.min(submissions, most) | Math.min(completions, most) << 16;
    features.set(Feature.NUMBER_OF_QUEUES, granted, false);
    command.setResult(granted);
    return NvmeStatus.SUCCESS;
  }

  private int setVector(int value, boolean save) {
    if (!features.hasVector(value & 0xFFFF)) {
      return NvmeStatus.INVALID_FIELD;
    }
    features.setVector(value & 0xFFFF, value, save);
    return NvmeStatus.SUCCESS;
  }

  private int setTimestamp(AdminCommand command) {
    MemorySegment data = MemorySegment.ofArray(new byte[Feature.TIMESTAMP_BYTES]);
    int status = command.fromHost(data);
    if (status == NvmeStatus.SUCCESS) {
      features.timestamp.set(data, controller.nowNs());
    }
    return status;
  }

  /** An identifier of 8 bytes is one of 16 whose rest is zero, and is given back as 8. */
  private int setHostIdentifier(AdminCommand command, int value) {
    byte[] given = new byte[hostIdentifierBytes(value)];
    int status = takeData(command, Feature.HOST_IDENTIFIER, given);
    if (status == NvmeStatus.SUCCESS) {
      Arrays.fill(features.hostIdentifier, (byte) 0);
      System.arraycopy(given, 0, features.hostIdentifier, 0, given.length);
    }
    return status;
  }

  private static int hostIdentifierBytes(int cdw11) {
    return (cdw11 & 1) != 0 ? Feature.HOST_IDENTIFIER_BYTES : Feature.HOST_IDENTIFIER_BYTES / 2;
  }

  private int takeData(AdminCommand command, int feature, byte[] target) {
    MemorySegment data = MemorySegment.ofArray(new byte[target.length]);
    int status = command.fromHost(data);
    if (status == NvmeStatus.SUCCESS) {
      MemorySegment.ofArray(target).copyFrom(data);
      features.changed(feature);
    }
    return status;
  }

  int get(AdminCommand command) {
    int feature = command.cdw(10) & 0xFF;
    int select = command.cdw(10) >>> Feature.SELECT_SHIFT & 7;
    int capabilities = features.capabilities(feature);
    if (capabilities == 0 || select > Feature.SELECT_CAPABILITIES) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (select == Feature.SELECT_CAPABILITIES) {
      command.setResult(capabilities);
      return NvmeStatus.SUCCESS;
    }
    if ((capabilities & Feature.NAMESPACE_SPECIFIC) != 0) {
      if (controller.namespace(command.namespace()) == null) {
        return NvmeStatus.INVALID_NAMESPACE;
      }
      command.setResult(features.errorRecovery(command.namespace(), select));
      return NvmeStatus.SUCCESS;
    }
    int namespaceStatus = checkControllerWide(command.namespace());
    return namespaceStatus == NvmeStatus.SUCCESS
        ? getControllerWide(command, feature, select)
        : namespaceStatus;
  }

  private int getControllerWide(AdminCommand command, int feature, int select) {
    int value = command.cdw(11);
    switch (feature) {
      case Feature.TEMPERATURE_THRESHOLD -> {
        boolean under = (value >>> 20 & 3) == TEMPERATURE_UNDER;
        command.setResult(
            under ? features.underTemperature(select) : features.get(feature, select));
      }
      case Feature.INTERRUPT_VECTOR -> {
        if (!features.hasVector(value & 0xFFFF)) {
          return NvmeStatus.INVALID_FIELD;
        }
        command.setResult(features.vector(value & 0xFFFF, select));
      }
      case Feature.TIMESTAMP -> {
        return giveData(command, select, features.timestamp.get(controller.nowNs()));
      }
      case Feature.HOST_BEHAVIOR -> {
        return giveData(command, select, features.hostBehavior);
      }
      case Feature.HOST_IDENTIFIER -> {
        return giveData(
            command, select, Arrays.copyOf(features.hostIdentifier, hostIdentifierBytes(value)));
      }
      default -> command.setResult(features.get(feature, select));
    }
    return NvmeStatus.SUCCESS;
  }

  /** A feature with data is not saveable, and zero by default. */
  private static int giveData(AdminCommand command, int select, byte[] current) {
    boolean isDefault = select != Feature.SELECT_CURRENT;
    return command.toHost(MemorySegment.ofArray(isDefault ? new byte[current.length] : current));
  }
}
