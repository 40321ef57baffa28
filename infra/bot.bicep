// The Azure Bot of an app registration that exists already, with calling switched on in its Teams channel.
// New multi-tenant bots have been refused since 31 July 2025, so that type is not offered.

@description('Name of the bot resource: 4 to 42 letters, digits, hyphens and underscores, unique in Azure.')
@minLength(4)
@maxLength(42)
param botName string

@description('The name that people see in Teams.')
@maxLength(42)
param displayName string

@description('Application (client) ID of the app registration, or client ID of the managed identity.')
@minLength(36)
@maxLength(36)
param botAppId string

@description('SingleTenant for an app registration with a secret, UserAssignedMSI for a managed identity.')
@allowed(['SingleTenant', 'UserAssignedMSI'])
param botAppType string = 'SingleTenant'

@description('The tenant that the app registration or the managed identity is in.')
param botTenantId string = tenant().tenantId

@description('Resource ID of the managed identity; only with UserAssignedMSI.')
param managedIdentityId string = ''

@description('Public https address of the bot, without a path and without a slash at its end.')
param publicUrl string

@description('F0 is free, S1 has a service level agreement.')
@allowed(['F0', 'S1'])
param sku string = 'F0'

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: botName
  kind: 'azurebot'
  location: 'global'
  sku: {
    name: sku
  }
  properties: {
    displayName: displayName
    endpoint: '${publicUrl}/api/messages'
    msaAppId: botAppId
    msaAppType: botAppType
    msaAppTenantId: botTenantId
    msaAppMSIResourceId: botAppType == 'UserAssignedMSI' ? managedIdentityId : null
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
      enableCalling: true
      callingWebhook: '${publicUrl}/api/calls'
    }
  }
}

output botResourceId string = bot.id
