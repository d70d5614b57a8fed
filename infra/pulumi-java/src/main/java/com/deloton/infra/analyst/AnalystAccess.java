package com.deloton.infra.analyst;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.database.Database;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.AnalystMode;

/** Tableau's private way to the reading database; which one is a setting. The role behind it is the migration's. */
public final class AnalystAccess extends Component {
    /** Where an analyst's own machine finds the database in the mode session-manager. */
    public static final String FORWARDED_PORT = "15432";

    public AnalystAccess(StackContext context, Settings.Analyst settings, Network network, Database database) {
        super("AnalystAccess", "analyst", context);
        if (settings.mode() == AnalystMode.SESSION_MANAGER) {
            SessionHost.create(this, network, database);
        }
        if (settings.mode() == AnalystMode.PRIVATE_LINK) {
            PrivateLink.create(this, settings, network, database);
        }
        done();
    }
}
