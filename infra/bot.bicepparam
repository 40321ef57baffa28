using './bot.bicep'

// The same names as in .env.
param botName = readEnvironmentVariable('BOT_NAME')
param displayName = readEnvironmentVariable('APP_NAME', 'Call Flows')
param botAppId = readEnvironmentVariable('BOT_APP_ID')
param botTenantId = readEnvironmentVariable('BOT_TENANT_ID')
param publicUrl = readEnvironmentVariable('PUBLIC_URL')
